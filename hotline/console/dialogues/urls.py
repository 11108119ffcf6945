"""Doors of dialogues."""

from django.urls import path

from hotline.console.dialogues import views

urlpatterns = [
    path("dialogues/", views.index, name="dialogues"),
    path("dialogues/new/", views.new, name="dialogue_new"),
    path("dialogues/tasks/<int:pk>/", views.task_done, name="task_done"),
    path("dialogues/<int:pk>/", views.dialogue, name="dialogue"),
    path("dialogues/<int:pk>/<slug:step>/", views.step, name="dialogue_step"),
]
