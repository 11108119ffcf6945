"""Doors of documents and their templates."""

from django.urls import path

from hotline.console.documents import views

urlpatterns = [
    path("documents/", views.index, name="documents"),
    path("documents/new/", views.new, name="document_new"),
    path("documents/templates/", views.templates, name="templates"),
    path("documents/templates/<int:pk>/", views.template, name="template"),
    path("documents/<int:pk>/", views.document, name="document"),
    path("documents/<int:pk>/file/<slug:form>/", views.file, name="document_file"),
    path("documents/<int:pk>/<slug:step>/", views.step, name="document_step"),
]
