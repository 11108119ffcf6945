"""Doors of the simulator."""

from django.urls import path

from hotline.console.simulation import views

urlpatterns = [
    path("simulate/", views.index, name="simulations"),
    path("simulate/<int:pk>/", views.run, name="simulation"),
    path("simulate/<int:pk>/cases/", views.cases, name="simulation_cases"),
]
