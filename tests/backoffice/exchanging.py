"""The pages that take the catalog in and out, as tests use them."""

import io
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

CSV, XLSX = "0", "1"
HEAD = "code,type,name,description,base_price,currency,applies_to,capacity_controlled,active,attributes"
BAG = 'BAG-9,bag,Big bag,,35.00,USD,journey,0,1,"{""max_weight_kg"": 9}"'


def address(model: str, step: str) -> str:
    """The address of a step of a model."""
    return reverse(f"admin:catalog_{model}_{step}")


def upload(client: Client, raw: bytes | str, *, model: str = "product", format: str = CSV, resource: str = "0") -> Any:
    """The reply to the first step: the dry run of a file."""
    file = SimpleUploadedFile("catalog.csv", raw.encode() if isinstance(raw, str) else raw)
    form = {"import_file": file, "format": format, "resource": resource}
    return client.post(address(model, "import"), form)


def confirm(client: Client, reply: Any, *, model: str = "product", **more: str) -> Any:
    """The reply to the second step, with the form that the first has shown."""
    form = {name: str(value) for name, value in reply.context["confirm_form"].initial.items()}
    return client.post(address(model, "process_import"), {**form, "reason": "correction", **more})


def export(client: Client, model: str, format: str = CSV, resource: str = "0") -> bytes:
    """The file."""
    reply = client.post(address(model, "export"), {"format": format, "resource": resource})
    assert reply.status_code == 200
    return bytes(reply.content)


def cells(raw: bytes) -> list[list[Any]]:
    """The first sheet of a workbook."""
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(raw)).active.rows]


def workbook(*rows: tuple[str, ...], at: int = 1) -> bytes:
    """A workbook with these rows, and one more cell at row `at` of the sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    if at > 1:
        sheet.cell(row=at, column=1, value="far")
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
