"""Accounts from the command line, for the first administrator and for emergencies."""

import click
from django.db import transaction
from django.utils.translation import gettext as _

from yika.journal.rules import COMMAND_LINE
from yika.lib import clock
from yika.lib.decisions import Refusal
from yika.people import actions
from yika.people.models import Organisation, User
from yika.people.rules import SIDE_OF, Role


@click.group()
def user() -> None:
    """Accounts. / 账号。"""


@user.command()
@click.argument("username")
@click.option("--name", required=True, help="Name of the person. / 姓名。")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True, help="角色。")
@click.option("--organisation", required=True, help="Name of the party; made if it is new. / 单位名称。")
@click.option("--badge", default="", help="Badge number. / 胸牌号。")
@click.option("--phone", default="", help="电话。")
@click.option("--email", default="", help="邮箱。")
def create(
    username: str, name: str, role: str, organisation: str, badge: str, phone: str, email: str
) -> None:
    """Make an account and print its one-time password. / 新建账号，显示一次性密码。"""
    at = clock.now()
    try:
        with transaction.atomic():
            party = Organisation.objects.filter(name=organisation).first()
            if party is None:
                party = actions.add_organisation(organisation, SIDE_OF[Role(role)], by=COMMAND_LINE, at=at)
            card = actions.NewPerson(name, Role(role), party, badge, phone, email)
            made, password = actions.create(username, card, by=COMMAND_LINE, at=at)
    except Refusal as refusal:
        raise click.ClickException("；".join(refusal.problems)) from refusal
    click.echo(f"{_('登录名')} {made.username}  {_('一次性密码')} {password}")


@user.command()
@click.argument("username")
def reset(username: str) -> None:
    """Give somebody a one-time password and end their sessions. / 重置密码。"""
    whose = User.objects.filter(username=username).first()
    if whose is None:
        raise click.ClickException(_("没有这个登录名：%(name)s") % {"name": username})
    try:
        password = actions.reset_password(whose, by=COMMAND_LINE, at=clock.now())
    except Refusal as refusal:
        raise click.ClickException("；".join(refusal.problems)) from refusal
    click.echo(f"{_('登录名')} {whose.username}  {_('一次性密码')} {password}")
