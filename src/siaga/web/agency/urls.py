"""Addresses of the officer's face."""

from django.urls import path

from siaga.web.agency import answers, views

app_name = "agency"
urlpatterns = [
    path("<str:region>/agency/", views.todo, name="todo"),
    path("<str:region>/agency/list/", views.todo_list, name="list"),
    path("<str:region>/agency/worker.js", views.worker, name="worker"),
    path("<str:region>/agency/finished/", views.finished, name="finished"),
    path("<str:region>/agency/<uuid:assignment_id>/", views.assignment, name="assignment"),
    path("<str:region>/agency/<uuid:assignment_id>/accept/", answers.accept, name="accept"),
    path("<str:region>/agency/<uuid:assignment_id>/decline/", answers.decline, name="decline"),
    path("<str:region>/agency/<uuid:assignment_id>/advance/", answers.advance, name="advance"),
    path("<str:region>/agency/<uuid:assignment_id>/done/", answers.done, name="done"),
]
