"""Parts of the system that act without a person."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SystemActor:
    """A named part of the system, or somebody without an account."""

    actor_key: str
    actor_name: str


WORKER = SystemActor("worker", "后台任务")
SYSTEM = SystemActor("system", "系统")
REPORTER = SystemActor("reporter", "报修人")
COMMAND_LINE = SystemActor("cli", "命令行")
