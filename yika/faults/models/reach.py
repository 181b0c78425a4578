"""What the network says a failure takes down, kept with the statement that rests on it."""

from django.db import models
from django.utils.translation import gettext as _


class Reach(models.Model):
    """影响范围: what went down with the failed devices at a moment, as the network stood then.

    The failed devices are those of the statement. ``listed`` holds the keys of every device that went down,
    in the order of its list; up to the whole campus, so it is read only where the list is shown.
    """

    classification = models.OneToOneField("faults.Classification", on_delete=models.CASCADE)
    at = models.DateTimeField(help_text="the moment whose network was asked")
    terminals = models.PositiveIntegerField()
    cardholders = models.PositiveIntegerField(help_text="estimated, as far as they count for the level")
    others = models.PositiveIntegerField(help_text="devices down that are no terminals")
    offline = models.PositiveIntegerField(help_text="terminals among them that go on working offline")
    unknown = models.PositiveIntegerField(help_text="terminals of which nobody knows how many use them")
    hanging = models.PositiveIntegerField(help_text="devices that hang directly on the failed ones")
    carried = models.PositiveIntegerField(help_text="devices down that have not failed themselves")
    kinds = models.JSONField(help_text="code of a kind to its number of devices down")
    listed = models.JSONField(help_text="keys of the devices down")

    @property
    def cardholders_word(self) -> str:
        """How many cardholders: a least, or none at all, where nobody is on record for some terminals."""
        if self.unknown and self.carried:
            return _("至少 %(n)d 人") % {"n": self.cardholders} if self.cardholders else _("未登记")
        return _("%(n)d 人") % {"n": self.cardholders}

    @property
    def held(self) -> bool:
        """Whether something hangs on the failed devices and redundancy keeps all of it up."""
        return self.hanging > 0 and self.carried == 0
