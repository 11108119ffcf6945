"""The list of what is owed."""

from django.urls import path

from hotline.console.owing import views

urlpatterns = [path("owed/", views.owed, name="owed")]
