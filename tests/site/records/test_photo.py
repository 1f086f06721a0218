"""A doctor's photo: what is made of it when it is saved, what is refused, and who sees it."""

import json
from io import BytesIO

import frappe
import pytest
from PIL import Image

from clinic_booking.booking import doctors, practices
from clinic_booking.patches import photos as patch
from tests import builders

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture
def doctor(site):
	clinic = builders.a_clinic()
	return builders.a_doctor(builders.a_service(clinic), clinics=[clinic])


def a_picture(colour="red", kind="PNG", size=(500, 400)):
	file = BytesIO()
	Image.new("RGB", size, colour).save(file, kind)
	return file.getvalue()


def attached(content, name="photo.png", private=0):
	file = frappe.get_doc(doctype="File", file_name=name, content=content, is_private=private)
	return file.insert(ignore_permissions=True).file_url


def with_photo(doctor, address):
	doctor.image = address
	doctor.save()
	return json.loads(doctor.photos or "{}")


def files_of(doctor):
	return frappe.get_all(
		"File", {"attached_to_doctype": "Doctor", "attached_to_name": doctor.name}, pluck="file_url"
	)


def test_photo_is_kept_in_small_public_files(doctor):
	"""UI-1: WebP of each size, of the doctor, for everybody."""
	photos = with_photo(doctor, attached(a_picture()))
	assert set(photos) == {"96", "192", "384", "share"}
	assert set(photos.values()) <= set(files_of(doctor))
	assert all(address.startswith("/files/") for address in photos.values())
	assert frappe.db.get_value("Doctor", doctor.name, "photos") == doctor.photos


def test_pages_are_told_of_the_small_ones(doctor):
	"""UI-1: the directory names them, and a private or unused original never."""
	photos = with_photo(doctor, attached(a_picture(), private=1))
	card = doctors.card(practices.of(doctor.name))
	assert card["image"] == photos["384"]
	assert card["photos"] == photos
	assert "private" not in json.dumps(card["photos"])


def test_saving_again_makes_nothing_new(doctor):
	"""UI-1: the pictures are made when the photo changes."""
	photos = with_photo(doctor, attached(a_picture()))
	before = sorted(files_of(doctor))
	doctor.bio = "Something else"
	doctor.save()
	assert json.loads(doctor.photos) == photos
	assert sorted(files_of(doctor)) == before


def test_another_photo_takes_the_old_ones_away(doctor):
	"""SE-4: who changes or removes a photo leaves none of it behind."""
	old = with_photo(doctor, attached(a_picture("red")))
	new = with_photo(doctor, attached(a_picture("blue")))
	assert not set(old.values()) & set(new.values())
	assert not set(old.values()) & set(files_of(doctor))
	assert with_photo(doctor, None) == {}
	assert not set(new.values()) & set(files_of(doctor))
	assert doctors.card(practices.of(doctor.name))["image"] is None


@pytest.mark.parametrize(
	("content", "name"),
	[
		(b"not a picture", "photo.png"),
		(SVG, "photo.svg"),
		(a_picture()[:30], "cut.png"),
		(a_picture(kind="BMP"), "photo.bmp"),
		(a_picture(size=(6000, 6000)), "bomb.png"),
	],
	ids=["text", "svg", "cut", "bmp", "bomb"],
)
def test_what_is_no_photo_is_refused_with_a_sentence(doctor, content, name):
	"""IN-9: broken, huge, SVG and other files."""
	file = frappe.get_doc(doctype="File", file_name=name, content=content, is_private=1).insert()
	doctor.image = file.file_url
	with pytest.raises(frappe.ValidationError, match="can't be shown as a picture"):
		doctor.save()
	assert not frappe.db.get_value("Doctor", doctor.name, "photos")


@pytest.mark.parametrize(
	"address", ["/files/nothing.png", "/private/files/../../site_config.json", "x", "//evil/a"]
)
def test_address_of_no_file_is_refused(doctor, address):
	"""IN-10: nothing is read but an attached file."""
	doctor.image = address
	with pytest.raises(frappe.ValidationError, match="is not there"):
		doctor.save()


def test_nobody_makes_public_what_they_may_not_see(doctor):
	"""SE-1: a private file of somebody else's by its address."""
	secret = attached(a_picture(), private=1)
	user = frappe.get_doc(
		doctype="User", email="elena@example.com", first_name="Elena", send_welcome_email=0
	).insert()
	frappe.set_user(user.name)
	try:
		doctor.image = secret
		with pytest.raises(frappe.PermissionError):
			doctor.save(ignore_permissions=True)
	finally:
		frappe.set_user("Administrator")


def test_addresses_are_not_taken_from_who_saves(doctor):
	"""IN-4: REST may write what the form shows read-only."""
	doctor.photos = '{"384": "https://evil.example/x.png"}'
	doctor.save()
	assert not doctor.photos


def test_picture_elsewhere_is_shown_from_there(doctor):
	"""SE-1: nothing is fetched by the server from an address that somebody typed."""
	assert with_photo(doctor, "https://cdn.example/a.jpg") == {}
	assert doctors.card(practices.of(doctor.name))["image"] == "https://cdn.example/a.jpg"


def test_upgrade_makes_them_for_photos_that_are_there(doctor):
	"""LI-7: twice is once, and a broken photo stops nobody."""
	other = builders.a_doctor(clinics=[frappe.get_doc("Clinic", doctor.clinics[0].clinic)])
	frappe.db.set_value("Doctor", doctor.name, "image", attached(a_picture()))
	frappe.db.set_value("Doctor", other.name, "image", attached(b"broken", private=1))
	version = doctor.offer_version
	patch.execute()
	photos = frappe.db.get_value("Doctor", doctor.name, "photos")
	patch.execute()
	assert set(json.loads(photos)) == {"96", "192", "384", "share"}
	assert frappe.db.get_value("Doctor", doctor.name, "photos") == photos
	assert frappe.db.get_value("Doctor", doctor.name, "offer_version") != version
	assert not frappe.db.get_value("Doctor", other.name, "photos")


def test_guests_get_them(client):
	"""UI-1: page, picture and type, as a browser asks for them."""
	clinic = builders.a_clinic()
	doctor = builders.a_doctor(builders.a_service(clinic), clinics=[clinic])
	photos = with_photo(doctor, attached(a_picture(), private=1))
	frappe.db.commit()
	page = client.get(f"/book/{doctor.slug}").text
	assert f"{photos['96']} 96w, {photos['192']} 192w" in page
	assert f'<meta property="og:image" content="{client.url}{photos["share"]}">' in page
	picture = client.get(photos["192"])
	assert (picture.status_code, picture.headers["Content-Type"]) == (200, "image/webp")
	assert Image.open(BytesIO(picture.content)).size == (192, 192)
