"""Doors of the standing unit: what was passed on, and the experts' rota."""

from django.urls import path

from hotline.console.experts.views import rota, standing

urlpatterns = [
    path("standing/", standing.index, name="standing"),
    path("standing/<int:pk>/", standing.referral, name="referral"),
    path("standing/<int:pk>/<slug:step>/", standing.step, name="referral_step"),
    path("experts/", rota.index, name="rota"),
    path("experts/new/", rota.new, name="expert_new"),
    path("experts/<int:pk>/", rota.change, name="expert"),
    path("experts/shifts/new/", rota.new_shift, name="shift_new"),
    path("experts/shifts/<int:pk>/remove/", rota.remove_shift, name="shift_remove"),
]
