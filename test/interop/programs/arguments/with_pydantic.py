import json
import os

from pydantic import BaseModel, Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Database(BaseModel):
    host: str = "localhost"
    port: int = 5432


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file="lab.env", env_prefix="LAB_", env_nested_delimiter="__")

    name: str
    lr: float = 0.1
    epochs: int = Field(default=3)
    database: Database = Database()


settings = Settings()
os.makedirs("out", exist_ok=True)
with open("out/held.json", "w") as file:
    json.dump(settings.model_dump(), file)
