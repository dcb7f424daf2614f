"""The design that Answerback replaces: FastAPI responds at once, BackgroundTasks works in memory, nothing is stored."""

import logging
import sys
from typing import List, Optional, Union

from fastapi import BackgroundTasks, FastAPI
from pydantic import BaseModel

logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(asctime)s %(levelname)s %(name)s %(message)s")
logger = logging.getLogger("sms")


class Message(BaseModel):
    guid: str
    number: str
    message: str
    date: Optional[str] = None
    hour: Optional[str] = None
    time_received: Optional[str] = None


class Batch(BaseModel):
    messages: List[Message]


app = FastAPI()
processed = set()
replies = []


def classify(text: str) -> str:
    words = text.lower()
    if "disagree" in words or "no" in words.split():
        return "Disagree"
    return "Agree" if "agree" in words or "yes" in words.split() else "Neutral"


async def process(message: Message) -> None:
    if message.guid in processed:
        return
    processed.add(message.guid)
    logger.info("Processing SMS %s from %s", message.guid, message.number)
    label = classify(message.message)
    logger.info("Message classified as: %s", label)
    replies.append((message.number, label))
    logger.info("Auto-reply sent successfully")


@app.post("/api/webhook/sms-received")
async def receive(posted: Union[Batch, Message], background_tasks: BackgroundTasks):
    messages = posted.messages if isinstance(posted, Batch) else [posted]
    for message in messages:
        background_tasks.add_task(process, message)
    count = len(messages)
    return {"status": "success", "message": f"Received {count} message(s), processing in background", "message_count": count}
