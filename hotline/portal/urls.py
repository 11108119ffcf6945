"""Citizens' doors. Addresses with a token are secret links: whoever has one is the reporter."""

from django.urls import path, register_converter

from hotline.portal.views import about, case, figures, files, home, knowledge, look_up, mail, published, report

app_name = "portal"


class Word:
    """A token or a code as we give them; anything else in an address is no page, and no question to the database."""

    regex = "[A-Za-z0-9_~-]{1,80}"

    def to_python(self, value: str) -> str:
        """As it stands."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands."""
        return value


register_converter(Word, "word")

urlpatterns = [
    path("", home.home, name="home"),
    path("report/", report.report, name="report"),
    path("receipt/<word:token>/", report.receipt, name="receipt"),
    path("lookup/", look_up.look_up, name="lookup"),
    path("case/<word:token>/", case.case, name="case"),
    path("case/<word:token>/rate/", case.rate, name="case_rate"),
    path("case/<word:token>/message/", case.message, name="case_message"),
    path("case/<word:token>/reopen/", case.reopen, name="case_reopen"),
    path("case/<word:token>/withdraw/", case.withdraw, name="case_withdraw"),
    path("case/<word:token>/files/<uuid:key>/", files.reporters, name="case_file"),
    path("case/<word:token>/files/<uuid:key>/small/", files.reporters, {"small": True}, name="case_file_small"),
    path("published/", published.listing, name="published"),
    path("published/<word:code>/", published.one, name="published_case"),
    path("files/<uuid:key>/", files.public, name="file"),
    path("files/<uuid:key>/small/", files.public, {"small": True}, name="file_small"),
    path("knowledge/", knowledge.listing, name="knowledge"),
    path("knowledge/<word:key>/", knowledge.one, name="knowledge_entry"),
    path("figures/", figures.figures, name="figures"),
    path("figures/late/", figures.late, name="figures_late"),
    path("figures/<word:month>.csv", figures.csv, name="figures_csv"),
    path("regulation/", about.regulation, name="regulation"),
    path("about/privacy/", about.privacy, name="privacy"),
    path("robots.txt", about.robots, name="robots"),
    path("mail-sink/", mail.sink, name="mail_sink"),
    path("mail-sink/<str:name>/", mail.one, name="mail"),
    path("mail-sink/<str:name>/html/", mail.html, name="mail_html"),
]
