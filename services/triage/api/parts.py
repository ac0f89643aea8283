"""What several of triage's endpoints ask for in their signatures."""

from typing import Annotated

from fastapi import Depends, Request

from services.triage.settings import Settings


async def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


Config = Annotated[Settings, Depends(_settings)]
