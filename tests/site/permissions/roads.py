"""Every road to a document that Frappe has, by the right it needs: `road(user, row)` answers whether it led there.

To look, a road must bring the row's sign back; to change, the stored row must be another one. A new road is one
more line here.
"""

import io
import json

import frappe

from tests.site.permissions.asking import ask, call
from tests.site.permissions.scene import LONG_AGO

RESOURCE, DOCUMENT = "/api/resource/", "/api/v2/document/"
FORM, LIST, SEARCH = "frappe.desk.form.", "frappe.desk.reportview.", "frappe.desk.search."


def path(row, prefix=RESOURCE):
	return f"{prefix}{row.doctype}/{row.name}"


def brings(answer, row) -> bool:
	return answer.ok and row.sign in answer.text


def told(answer) -> bool:
	return answer.ok and bool(answer.message)


def is_changed(row) -> bool:
	if frappe.get_meta(row.doctype).issingle:
		return frappe.db.get_singles_dict(row.doctype).get(value(row)[0]) == value(row)[1]
	return str(frappe.db.get_value(row.doctype, row.name, "modified")) != LONG_AGO


def changing(request):
	"""A road that led there if the row is another one after the request."""

	def road(user, row) -> bool:
		request(user, row)
		return is_changed(row)

	return road


def number(answer, taken=int) -> int | None:
	"""The number in an answer, None in a refusal."""
	return int(taken(answer.message)) if answer.ok and answer.message is not None else None


def document(row) -> dict:
	return frappe.get_doc(row.doctype, row.name).as_dict(convert_dates_to_str=True)


def changed(row) -> str:
	return json.dumps(document(row) | row.change, default=str)


def value(row):
	return next(iter(row.change.items()))


def fields(row) -> list[str]:
	title = frappe.get_meta(row.doctype).title_field
	return ["name", title] if title else ["name", *row.change]


READ = {
	"resource": lambda u, r: brings(ask(u, "GET", path(r)), r),
	"v2": lambda u, r: brings(ask(u, "GET", path(r, DOCUMENT)), r),
	"v2 copy": lambda u, r: ask(u, "GET", path(r, DOCUMENT) + "/copy").ok,
	"client.get": lambda u, r: brings(call(u, "frappe.client.get", doctype=r.doctype, name=r.name), r),
	"client.get by filter": lambda u, r: brings(
		call(u, "frappe.client.get", doctype=r.doctype, filters={"name": r.name}), r
	),
	"client.get_value": lambda u, r: told(
		call(u, "frappe.client.get_value", doctype=r.doctype, fieldname="name", filters={"name": r.name})
	),
	"client.has_permission": lambda u, r: "true"
	in call(u, "frappe.client.has_permission", doctype=r.doctype, docname=r.name).text,
	"getdoc": lambda u, r: brings(call(u, FORM + "load.getdoc", doctype=r.doctype, name=r.name), r),
	"get_docinfo": lambda u, r: call(u, FORM + "load.get_docinfo", doctype=r.doctype, name=r.name).ok,
	"comment": lambda u, r: call(
		u,
		FORM + "utils.add_comment",
		reference_doctype=r.doctype,
		reference_name=r.name,
		content="Hello",
		comment_email=u,
		comment_by=u,
	).ok,
	"live updates": lambda u, r: call(
		u, "frappe.realtime.can_subscribe_doc", doctype=r.doctype, docname=r.name
	).ok,
	"open count": lambda u, r: call(
		u, "frappe.desk.notifications.get_open_count", doctype=r.doctype, name=r.name
	).ok,
	"communications": lambda u, r: call(
		u, FORM + "load.get_communications", doctype=r.doctype, name=r.name
	).ok,
	"print preview": lambda u, r: brings(
		call(u, "frappe.www.printview.get_html_and_style", doc=r.doctype, name=r.name), r
	),
	"assign": lambda u, r: call(
		u, FORM + "assign_to.add", doctype=r.doctype, name=r.name, assign_to=[u], ignore_permissions=True
	).ok,
	"unassign": lambda u, r: call(
		u, FORM + "assign_to.remove", doctype=r.doctype, name=r.name, assign_to=u, ignore_permissions=True
	).ok,
	"like": lambda u, r: call(
		u, "frappe.desk.like.toggle_like", doctype=r.doctype, name=r.name, add="Yes"
	).ok,
	"follow": lambda u, r: call(
		u, FORM + "document_follow.follow_document", doctype=r.doctype, doc_name=r.name, user=u
	).ok,
	"link title": lambda u, r: told(call(u, SEARCH + "get_link_title", doctype=r.doctype, docname=r.name)),
	"validate link": lambda u, r: told(
		call(u, "frappe.client.validate_link", doctype=r.doctype, docname=r.name)
	),
	"attach": lambda u, r: call(
		u,
		"frappe.client.attach_file",
		doctype=r.doctype,
		docname=r.name,
		filename="a.txt",
		filedata="YQ==",
		decode_base64=True,
		is_private=1,
	).ok,
}
"""Roads that lead to one document for whoever may read it."""

SLOW = {
	"linked documents": lambda u, r: call(u, FORM + "linked_with.get", doctype=r.doctype, docname=r.name).ok,
}
"""More of them, tried where they must not lead."""

CHILD_READ = {
	"list": lambda u, r: brings(
		call(
			u,
			"frappe.client.get_list",
			doctype=r.doctype,
			parent=r.parent,
			fields=fields(r),
			limit_page_length=0,
		),
		r,
	),
	**{name: READ[name] for name in ("resource", "v2", "getdoc")},
}
"""Roads to a row of a document, asked for by itself."""

LISTS = {
	"resource": lambda u, d: ask(u, "GET", RESOURCE + d, limit_page_length=0),
	"resource grouped": lambda u, d: ask(
		u, "GET", RESOURCE + d, fields=["name", "count(name) as n"], group_by="name", order_by="name", limit_page_length=0
	),
	"v2": lambda u, d: ask(u, "GET", DOCUMENT + d, limit=1000),
	"client.get_list": lambda u, d: call(u, "frappe.client.get_list", doctype=d, limit_page_length=0),
	"or_filters": lambda u, d: call(
		u, "frappe.client.get_list", doctype=d, or_filters=[[d, "name", "!=", ""], [d, "idx", ">=", 0]], limit_page_length=0
	),
	"list view": lambda u, d: call(u, LIST + "get", doctype=d, fields=["name"], page_length=1000),
	"report view": lambda u, d: call(u, LIST + "get_list", doctype=d, fields=["name"], page_length=1000),
	"search": lambda u, d: call(u, SEARCH + "search_link", doctype=d, txt="", page_length=1000),
	"search for all": lambda u, d: call(
		u, SEARCH + "search_link", doctype=d, txt="", page_length=1000, ignore_user_permissions=1
	),
	"search widget": lambda u, d: call(
		u, SEARCH + "search_widget", doctype=d, txt="", page_length=1000, ignore_user_permissions=1
	),
	"calendar": lambda u, d: call(
		u, "frappe.desk.calendar.get_events", doctype=d, start="1990-01-01", end="2099-01-01",
		field_map=json.dumps({"start": "creation", "end": "modified", "title": "name", "id": "name"}),
	),
	"chart": lambda u, d: call(
		u, "frappe.desk.doctype.dashboard_chart.dashboard_chart.get", no_cache=1,
		chart=json.dumps({
			"chart_type": "Group By", "document_type": d, "group_by_type": "Count", "group_by_based_on": "name",
			"number_of_groups": 0, "filters_json": "[]",
		}),
	),
	"import template": lambda u, d: call(
		u, "frappe.core.doctype.data_import.data_import.download_template", doctype=d, export_fields={d: ["name"]},
		export_records="all",
	),
	"website list": lambda u, d: call(u, "frappe.www.list.get", doctype=d, limit=1000),
}  # fmt: skip
"""Roads that lead to many at once: their answer names those that are seen and no other."""

EXPORTING = ("import template",)

COUNTS = {
	"list count": lambda u, d: number(call(u, LIST + "get_count", doctype=d, fields=[])),
	"v2 count": lambda u, d: number(ask(u, "GET", f"/api/v2/doctype/{d}/count", fields="[]")),
	"counted field": lambda u, d: number(
		call(u, "frappe.client.get_list", doctype=d, fields=["count(name) as count"], order_by=""), lambda rows: rows[0]["count"]
	),
	"number card": lambda u, d: number(
		call(
			u, "frappe.desk.doctype.number_card.number_card.get_result", filters="[]",
			doc=json.dumps({"function": "Count", "document_type": d}),
		)
	),
	"grouped": lambda u, d: number(
		call(u, "frappe.desk.listview.get_group_by_count", doctype=d, current_filters="[]", field="docstatus"),
		lambda rows: sum(row["count"] for row in rows),
	),
	"any count": lambda u, d: number(call(u, "frappe.client.get_count", doctype=d)),
	"heat map": lambda u, d: number(
		call(
			u, "frappe.desk.doctype.dashboard_chart.dashboard_chart.get", no_cache=1,
			chart=json.dumps({
				"chart_type": "Count", "type": "Heatmap", "document_type": d, "based_on": "creation", "filters_json": "[]",
			}),
		),
		lambda chart: sum(chart["dataPoints"].values()),
	),
}  # fmt: skip
"""Roads that lead to a number."""

# Frappe counts for these without asking whose, so only who reaches everything may.
FOR_UNLIMITED = ("any count", "heat map")

WRITE = {
	"resource": changing(lambda u, r: ask(u, "PUT", path(r), **r.change)),
	"v2": changing(lambda u, r: ask(u, "PATCH", path(r, DOCUMENT), **r.change)),
	"set_value": changing(
		lambda u, r: call(u, "frappe.client.set_value", doctype=r.doctype, name=r.name, fieldname=r.change)
	),
	"client.save": changing(lambda u, r: call(u, "frappe.client.save", doc=changed(r))),
	"savedocs": changing(lambda u, r: call(u, FORM + "save.savedocs", doc=changed(r), action="Save")),
	"client.bulk_update": changing(
		lambda u, r: call(
			u, "frappe.client.bulk_update", docs=json.dumps([{"doctype": r.doctype, "docname": r.name, **r.change}])
		)
	),
	"bulk edit": changing(
		lambda u, r: call(
			u, "frappe.desk.doctype.bulk_update.bulk_update.submit_cancel_or_update_docs", doctype=r.doctype,
			docnames=[r.name], action="update", data=r.change,
		)
	),
	"tag": lambda u, r: call(u, "frappe.desk.doctype.tag.tag.add_tag", tag="x", dt=r.doctype, dn=r.name).ok,
	"calendar drag": changing(
		lambda u, r: call(
			u, "frappe.desk.calendar.update_event",
			args=json.dumps({"doctype": r.doctype, "name": r.name, "s": value(r)[1], "e": None} | {value(r)[0]: value(r)[1]}),
			field_map=json.dumps({"start": value(r)[0], "end": "no_such_field"}),
		)
	),
}  # fmt: skip
"""Roads that change one field."""

# What else there is may be done by whoever may write, if the DocType lets itself be renamed.
WRITE_ONLY_REFUSED = {
	"merge": lambda u, r: call(
		u, "frappe.client.rename_doc", doctype=r.doctype, old_name=r.name, new_name=r.name, merge=True
	).ok,
	"run_method": lambda u, r: ask(u, "POST", path(r), run_method="rename", name="renamed").ok,
	"v2 method": lambda u, r: ask(u, "POST", path(r, DOCUMENT) + "/method/rename", name="renamed").ok,
	"run_doc_method": lambda u, r: call(
		u, "run_doc_method", dt=r.doctype, dn=r.name, method="rename", args=json.dumps({"name": "renamed"})
	).ok,
	"rename": lambda u, r: call(
		u, "frappe.client.rename_doc", doctype=r.doctype, old_name=r.name, new_name="renamed"
	).ok,
	"retitle": lambda u, r: call(
		u, "frappe.model.rename_doc.update_document_title", doctype=r.doctype, docname=r.name, title="x", name=r.name
	).ok and is_changed(r),
	"upload": lambda u, r: ask(
		u, "POST", "/api/method/upload_file", files={"file": a_file()}, doctype=r.doctype, docname=r.name, is_private="1"
	).ok,
}  # fmt: skip

CHILD_WRITE = {
	"resource": changing(lambda u, r: ask(u, "PUT", path(r), **r.change)),
	"v2": changing(lambda u, r: ask(u, "PATCH", path(r, DOCUMENT), **r.change)),
	"client.save": changing(lambda u, r: call(u, "frappe.client.save", doc=changed(r))),
}
"""Roads that save a row by itself, around the checks of its document."""

CREATE = {
	"resource": lambda u, r: ask(u, "POST", RESOURCE + r.doctype, **r.like),
	"v2": lambda u, r: ask(u, "POST", DOCUMENT + r.doctype, **r.like),
	"client.insert": lambda u, r: call(u, "frappe.client.insert", doc={"doctype": r.doctype, **r.like}),
	"insert_many": lambda u, r: call(u, "frappe.client.insert_many", docs=[{"doctype": r.doctype, **r.like}]),
	"savedocs": lambda u, r: call(
		u, FORM + "save.savedocs", action="Save",
		doc=json.dumps({"doctype": r.doctype, "__islocal": 1, "name": "new-1", **r.like}, default=str),
	),
}  # fmt: skip
"""Roads that make another one like the row."""

DELETE = {
	"resource": lambda u, r: ask(u, "DELETE", path(r)),
	"v2": lambda u, r: ask(u, "DELETE", path(r, DOCUMENT)),
	"client.delete": lambda u, r: call(u, "frappe.client.delete", doctype=r.doctype, name=r.name),
}
"""Roads that delete the row."""

# Frappe answers the same whether it could or not.
DELETE_ONLY_REFUSED = {
	"list view": lambda u, r: call(u, LIST + "delete_items", doctype=r.doctype, items=json.dumps([r.name])),
}

CHILD_DELETE = {"resource": DELETE["resource"]}

PRINT = {
	"page": lambda u, r: call(u, "frappe.utils.print_format.download_pdf", doctype=r.doctype, name=r.name).ok,
	"many": lambda u, r: call(
		u, "frappe.utils.print_format.download_multi_pdf", doctype=r.doctype, name=json.dumps([r.name])
	).ok,
}

EMAIL = {
	"message": lambda u, r: call(
		u,
		"frappe.core.doctype.communication.email.make",
		doctype=r.doctype,
		name=r.name,
		content="x",
		subject="x",
	).ok
}

SHARE = {
	"share": lambda u, r: call(
		u, "frappe.share.add", doctype=r.doctype, name=r.name, user="accounts@example.com"
	).ok,
}

EXPORTS = {
	"list": lambda u, d: call(
		u, LIST + "export_query", doctype=d, fields=[f"`tab{d}`.`name`"], file_format_type="CSV", title=d
	),
	"data": lambda u, d: call(
		u, "frappe.core.doctype.data_export.exporter.export_data", doctype=d, with_data="1", file_type="CSV",
		select_columns=json.dumps({d: ["name"]}), export_without_column_meta="true", template="true",
	),
}  # fmt: skip
"""Roads that take many away at once."""


def a_file():
	return (io.BytesIO(b"text"), "a.txt", "file", "text/plain")
