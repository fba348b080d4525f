"""The appeal bodies are corrected by an administrator, and what was corrected survives the next start."""

from django.core.management import call_command
from django.test import Client

from cases.models import AppealBody


def test_what_is_known_of_a_body_is_corrected_with_its_source(admin_page: Client) -> None:
    call_command("load_carriers", verbosity=0)
    body = AppealBody.objects.get(province="浙江")
    path = f"/admin/cases/appealbody/{body.pk}/change/"
    page = admin_page.get(path).content.decode()
    assert 'name="province"' not in page  # by it the next start knows that it is there
    typed = {
        "name": body.name,
        "address": "杭州市某路 1 号",
        "phone": "0571-00000000",
        "channels": "",
        "channels_en": "",
        "source": "2026-10-16 致电询问",
        "source_en": "asked by phone on 2026-10-16",
        "confidence": "H",
    }
    assert admin_page.post(path, typed).status_code == 302
    call_command("load_carriers", verbosity=0)
    body.refresh_from_db()
    assert (body.province, body.address, body.confidence, body.channels) == ("浙江", "杭州市某路 1 号", "H", "")
    assert (body.source, body.source_en) == ("2026-10-16 致电询问", "asked by phone on 2026-10-16")
    assert AppealBody.objects.count() == 31
    assert "浙江" in admin_page.get("/admin/cases/appealbody/", {"q": "浙江"}).content.decode()


def test_a_source_is_never_left_out(admin_page: Client) -> None:
    page = admin_page.post("/admin/cases/appealbody/add/", {"province": "某省", "name": "某机构", "confidence": "L"})
    assert "This field is required." in page.content.decode()
    assert not AppealBody.objects.exists()
