"""Addresses of attendance: an activity's records below the activity, one record by its key, the filing list."""

from django.urls import URLPattern, path

from awards.attendance import (
    entry_views,
    evidence_views,
    filing_views,
    mapping_views,
    mend_views,
    parked_views,
    record_views,
    trail_views,
    views,
    word_views,
)

app_name = "attendance"
urlpatterns: list[URLPattern] = [
    path("organise/<int:pk>/attendance/", views.overview, name="overview"),
    path("organise/<int:pk>/attendance/sheet.xlsx", record_views.sheet, name="sheet"),
    path("organise/<int:pk>/attendance/paste/", entry_views.paste, name="paste"),
    path("organise/<int:pk>/attendance/list/", entry_views.tick, name="tick"),
    path("attendance/blank.xlsx", record_views.blank_sheet, name="blank-sheet"),
    path("attendance/<uuid:key>/", views.review, name="review"),
    path("attendance/<uuid:key>/rows/", views.rows, name="rows"),
    path("attendance/<uuid:key>/mend/<int:place>/", mend_views.mend, name="mend"),
    path("attendance/<uuid:key>/columns/", mapping_views.columns, name="columns"),
    path("attendance/<uuid:key>/commit/", views.commit, name="commit"),
    path("attendance/<uuid:key>/discard/", views.discard, name="discard"),
    path("attendance/<uuid:key>/receipt/", record_views.receipt, name="receipt"),
    path("attendance/<uuid:key>/receipt.pdf", record_views.receipt_pdf, name="receipt-pdf"),
    path("attendance/<uuid:key>/confirm/", record_views.confirm, name="confirm"),
    path("attendance/<uuid:key>/undo/", record_views.undo, name="undo"),
    path("attendance/<uuid:key>/original/", record_views.original, name="original"),
    path("attendance/<uuid:key>/problems.xlsx", record_views.problem_sheet, name="problem-sheet"),
    path("attendance/<uuid:key>/rows/<int:row>/", parked_views.answer, name="answer"),
    path("attendance/<uuid:key>/rows/<int:row>/id/", parked_views.retype, name="retype"),
    path("attendance/<uuid:key>/rows/dismiss/", parked_views.dismiss_all, name="dismiss-leftovers"),
    path("organise/<int:pk>/attendance/trail/", trail_views.trail, name="trail"),
    path("organise/open-rows/", parked_views.open_rows, name="open-rows"),
    path("attendance/<uuid:key>/file/", filing_views.file, name="file"),
    path("attendance/<uuid:key>/query/", filing_views.query, name="query"),
    path("attendance/words/", word_views.words, name="words"),
    path("attendance/threshold/", word_views.threshold, name="threshold"),
    path("attendance/words/<int:pk>/remove/", word_views.remove_word, name="remove-word"),
    path("filing/", filing_views.filing, name="filing"),
    path("filing/evidence/", evidence_views.evidence, name="evidence"),
    path("filing/list.xlsx", filing_views.filing_sheet, name="filing-sheet"),
]
