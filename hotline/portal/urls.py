"""Citizens' doors. Addresses with a token are secret links: whoever has one is the reporter."""

from django.urls import path

from hotline.portal.views import about, case, figures, files, home, look_up, mail, published, report

app_name = "portal"

urlpatterns = [
    path("", home.home, name="home"),
    path("report/", report.report, name="report"),
    path("receipt/<str:token>/", report.receipt, name="receipt"),
    path("lookup/", look_up.look_up, name="lookup"),
    path("case/<str:token>/", case.case, name="case"),
    path("case/<str:token>/rate/", case.rate, name="case_rate"),
    path("case/<str:token>/message/", case.message, name="case_message"),
    path("case/<str:token>/reopen/", case.reopen, name="case_reopen"),
    path("case/<str:token>/withdraw/", case.withdraw, name="case_withdraw"),
    path("case/<str:token>/files/<uuid:key>/", files.reporters, name="case_file"),
    path("case/<str:token>/files/<uuid:key>/small/", files.reporters, {"small": True}, name="case_file_small"),
    path("published/", published.listing, name="published"),
    path("published/<str:code>/", published.one, name="published_case"),
    path("files/<uuid:key>/", files.public, name="file"),
    path("files/<uuid:key>/small/", files.public, {"small": True}, name="file_small"),
    path("figures/", figures.figures, name="figures"),
    path("figures/late/", figures.late, name="figures_late"),
    path("figures/<str:month>.csv", figures.csv, name="figures_csv"),
    path("regulation/", about.regulation, name="regulation"),
    path("about/privacy/", about.privacy, name="privacy"),
    path("robots.txt", about.robots, name="robots"),
    path("mail-sink/", mail.sink, name="mail_sink"),
    path("mail-sink/<str:name>/", mail.one, name="mail"),
    path("mail-sink/<str:name>/html/", mail.html, name="mail_html"),
]
