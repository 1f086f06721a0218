"""Workers that are killed and a mail server that fails, over a few hundred messages; `bin/test load` has ten thousand."""

from tests.fakes.smtp import MailServer
from tests.post_storm import storm
from tests.scenes import a_scene
from tests.site.messaging import post


def test_each_message_ends_sent_or_failed(committed):
	"""ME-3, ME-4, RA-10: four workers, three of them killed, one answer in ten "later", some answers lost."""
	scene = a_scene()
	with MailServer() as mails:
		post.an_email_account(mails.port)
		post.no_night()
		mails.chaos(seed=1, failing=0.1, dropping=0.03)
		outcome = storm(scene, mails, messages=300, kills=3, most_seconds=120)
	assert len(outcome.rows) == 300
	assert outcome.wrongs() == []
	assert any(status == "Failed" for _kind, status in outcome.rows.values())
