"""E-mails with links: who gets one, what it says, and what a mail server that fails costs."""

from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from pytest_django import Settings

from altis.accounts import links
from altis.accounts import mail as module
from altis.accounts.errors import EmailTaken, InvalidEmail, MailNotSent, WeakPassword
from altis.accounts.models import User
from altis.accounts.services.register import register
from altis.accounts.services.resend_link import resend_link
from altis.accounts.services.reset_password import request_reset
from altis.accounts.services.send_link import send_link
from altis.accounts.services.verify_email import verify_email
from altis.accounts.tasks import send_link_to
from altis.privacy.keys import forget_all
from altis.privacy.models import SubjectKey
from altis.shared.clock import now
from altis.shared.ids import is_id
from tests.accounts.conftest import PASSWORD, Hints, MakeUser


@pytest.fixture(autouse=True)
def _rested(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    monkeypatch.setattr(module, "_post_office", module._PostOffice())
    settings.ALTIS_PUBLIC_URL = "https://shop.example"


def token_in(message: EmailMessage) -> str:
    [line] = [line for line in str(message.body).splitlines() if line.startswith("https://")]
    return line.partition("?token=")[2]


def test_registration_asks_for_a_verification_without_naming_the_address(hints: Hints, db: None) -> None:
    user = register(email="ana@example.com", password=PASSWORD)

    assert hints == [("accounts.send_link", (user.pk, "verify"))]
    assert user.email_verified_at is None


@pytest.mark.parametrize(
    ("email", "password", "refusal"),
    [("ana@example.com", PASSWORD, EmailTaken), ("ana", PASSWORD, InvalidEmail), ("b@example.com", "1", WeakPassword)],
)
def test_refused_registration_asks_for_nothing(
    email: str, password: str, refusal: type[Exception], hints: Hints, make_user: MakeUser
) -> None:
    make_user()

    with pytest.raises(refusal):
        register(email=email, password=password)

    assert hints == []


def test_verification_is_sent_and_its_link_verifies_as_often_as_it_is_used(make_user: MakeUser) -> None:
    send_link_to(make_user().pk, "verify")

    [message] = mail.outbox
    assert (message.to, message.subject) == (["ana@example.com"], "Please confirm your e-mail address")
    assert "72 hours" in str(message.body)
    verify_email(token=token_in(message))
    first = User.objects.get().email_verified_at
    verify_email(token=token_in(message))
    assert first is not None
    assert User.objects.get().email_verified_at == first


def test_reset_is_sent_with_a_link_of_its_own(make_user: MakeUser) -> None:
    user = make_user()

    assert send_link(user_id=user.pk, purpose="reset") is True

    [message] = mail.outbox
    assert "https://shop.example/account/reset?token=" in str(message.body)
    assert "1 hour." in str(message.body)
    assert links.person_of(token_in(message), "reset") == user


def test_nothing_is_sent_to_who_is_gone_or_needs_none(make_user: MakeUser) -> None:
    shut = make_user("shut@example.com", is_active=False)
    verified = make_user("done@example.com", email_verified_at=now())

    asked = [(shut, "reset"), (shut, "verify"), (verified, "verify"), (verified, "other")]
    sent = [send_link(user_id=user.pk, purpose=purpose) for user, purpose in asked]

    assert (sent, mail.outbox) == ([False] * 4, [])
    assert send_link(user_id="usr_01kb3v5w8rj2m4n6p7q9s0t1v2", purpose="reset") is False


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sent_to_an_address_that_cannot_be_read(make_user: MakeUser) -> None:
    user = make_user()
    SubjectKey.objects.filter(subject=user.pk).delete()
    forget_all()

    assert (send_link(user_id=user.pk, purpose="reset"), mail.outbox) == (False, [])


def test_known_and_unknown_address_ask_alike_for_a_reset(hints: Hints, make_user: MakeUser) -> None:
    user = make_user()

    request_reset(email="ANA@example.com")
    request_reset(email="nobody@example.com")

    assert hints[0] == ("accounts.send_link", (user.pk, "reset"))
    [(task, (stranger, purpose))] = hints[1:]
    assert (task, purpose, is_id("usr", stranger)) == ("accounts.send_link", "reset", True)
    assert User.objects.filter(pk=stranger).exists() is False


def test_resend_is_for_those_who_are_not_verified(hints: Hints, make_user: MakeUser) -> None:
    new, done = make_user(), make_user("bea@example.com", email_verified_at=now())

    resend_link(user_id=new.pk)
    resend_link(user_id=done.pk)

    assert hints == [("accounts.send_link", (new.pk, "verify"))]


def _failing(monkeypatch: pytest.MonkeyPatch, error: Exception) -> list[EmailMessage]:
    tried: list[EmailMessage] = []

    def send(message: EmailMessage) -> int:
        tried.append(message)
        raise error

    monkeypatch.setattr(EmailMessage, "send", send)
    return tried


def test_failure_tells_nothing_about_the_person(make_user: MakeUser, monkeypatch: pytest.MonkeyPatch) -> None:
    user = make_user()
    tried = _failing(monkeypatch, SMTPRecipientsRefused({"ana@example.com": (550, b"ana@example.com is unknown")}))

    for _ in range(2):
        with pytest.raises(MailNotSent) as refusal:
            send_link(user_id=user.pk, purpose="verify")
        assert ("ana" in str(refusal.value), refusal.value.__suppress_context__) == (False, True)

    assert len(tried) == 2


def test_silent_server_is_left_alone_for_a_while(make_user: MakeUser, monkeypatch: pytest.MonkeyPatch) -> None:
    user = make_user()
    tried = _failing(monkeypatch, SMTPServerDisconnected("timed out"))

    for _ in range(3):
        with pytest.raises(MailNotSent):
            send_link(user_id=user.pk, purpose="verify")

    assert len(tried) == 1


def test_task_tries_again_after_a_failure(make_user: MakeUser, monkeypatch: pytest.MonkeyPatch) -> None:
    user = make_user()
    tried = _failing(monkeypatch, SMTPRecipientsRefused({}))

    outcome = send_link_to.apply(args=(user.pk, "verify"))

    assert (len(tried), outcome.state) == (7, "FAILURE")
    assert isinstance(outcome.result, MailNotSent)
