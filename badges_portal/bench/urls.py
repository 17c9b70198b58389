"""The portal's addresses and those of the floors."""

from django.urls import path

from badges_portal.bench import floors
from badges_portal.urls import handler400, handler403, handler404, handler500
from badges_portal.urls import urlpatterns as portal

__all__ = ["handler400", "handler403", "handler404", "handler500"]

urlpatterns = [
    path("bench/history/", floors.history),
    path("bench/catalogue/", floors.catalogue),
    path("bench/upload/<int:pk>/", floors.upload),
    path("bench/preview/<int:pk>/", floors.preview, name="bench-preview"),
    path("bench/commit/<int:pk>/", floors.commit, name="bench-commit"),
    path("bench/receipt/<int:pk>/", floors.receipt, name="bench-receipt"),
    *portal,
]
