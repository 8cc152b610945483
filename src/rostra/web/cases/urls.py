from django.urls import path

from rostra.web.cases import queue, reporting

urlpatterns = [
    path("posts/<id:target_id>/report", reporting.post, name="report-post"),
    path("threads/<id:target_id>/report", reporting.thread, name="report-thread"),
    path("members/<id:target_id>/report", reporting.member, name="report-member"),
    path("claims/<id:target_id>/report", reporting.claim, name="report-claim"),
    path("notes/<id:target_id>/report", reporting.note, name="report-note"),
    path("reports/<slug:key>", reporting.receipt, name="report-receipt"),
    path("staff/cases", queue.index, name="cases"),
    path("staff/cases/<id:case_id>", queue.case, name="case"),
]
