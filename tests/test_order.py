"""A test finds the database as it was migrated, whatever ran before it."""

from django.test import TransactionTestCase

from yika.calendars.models import SpecialDay


class TestAfterATestThatCommitted(TransactionTestCase):
    """Two of them in one worker: the second one, whichever it is, comes after a flush."""

    def test_the_announced_days_are_there(self) -> None:
        assert SpecialDay.objects.exists()

    def test_the_announced_days_are_still_there(self) -> None:
        assert SpecialDay.objects.exists()
