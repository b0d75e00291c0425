/* audit_kinds.c - see audit_kinds.h. A kind that is appended anywhere has its row here; a test reads the sources. */
#include "jobs/audit_kinds.h"

#include <string.h>

const struct sl_audit_kind sl_audit_kinds[] = {
	{ "enclave.founded", "grants", "the enclave's key and its officers, the root of trust; leaf 0 alone" },
	{ "enclave.rerooted", "grants", "a new root of trust after all officers were lost: who they are now, and why" },
	{ "policy.applied", "grants", "a policy is in force: who may do what from here on, and which officers signed it" },
	{ "grant.requested", "grants", "an analyst applied to the owner of a table for its use in a project" },
	{ "grant.made", "grants", "an owner signed a grant: a table may be used by a project until a day" },
	{ "grant.refused", "grants", "an owner refused an application" },
	{ "grant.withdrawn", "grants", "an owner withdrew a grant: it stops new jobs and whatever has not left" },
	{ "policy.replayed", "data access", "history was judged again under a policy file" },
	{ "session.opened", "authentication", "a command came over SSH from whom sshd had let in" },
	{ "access.refused", "authentication", "somebody was not known, or asked for what their roles do not allow" },
	{ "data.imported", "data access", "versions of tables were sealed, and from which catalogue" },
	{ "data.in-force", "data access", "a version that waited is the one that jobs read from here on" },
	{ "data.forgotten", "data access", "the key of a version was destroyed" },
	{ "job.created", "data access", "a script was accepted to run on tables of its project" },
	{ "job.held", "data access", "its result is sealed" },
	{ "job.failed", "data access", "it ended without a result" },
	{ "job.lost", "data access", "its process was gone before it ended" },
	{ "job.shown", "data access", "how it ended told of rows, and who is no analyst of its project looked at it" },
	{ "job.replayed", "data access", "a recorded job was run again: whether its result was identical, or that it failed" },
	{ "request.submitted", "decisions", "its author asks for a result to be released, frozen as it would leave" },
	{ "request.refused", "decisions", "what was asked for could not be released by any reviewer" },
	{ "request.drafted", "decisions", "what its author may ask for was judged, which told them that no rule refuses it" },
	{ "request.shown", "data access", "what was not released yet was shown to a reviewer, or to an owner who is asked" },
	{ "table.counted", "data access", "how many rows and values a table has, missing ones too, was told" },
	{ "request.withdrawn", "decisions", "its author does not ask any more" },
	{ "review.approved", "decisions", "a reviewer signed an approval" },
	{ "review.rejected", "decisions", "a reviewer signed a rejection" },
	{ "review.returned", "decisions", "a reviewer signed a question to the author; nothing leaves before an answer" },
	{ "owner.approved", "decisions", "an owner of a table signed that a release may leave" },
	{ "owner.rejected", "decisions", "an owner of a table signed that it may not" },
	{ "request.commented", "decisions", "a comment was written; its words are in the log by keyed digest alone" },
	{ "release.made", "egress", "the gate opened: these bytes may leave" },
	{ "release.fetched", "egress", "a bundle was copied out" },
	{ "release.recovered", "egress", "a release that a restored state did not know was entered again from its bundle" },
	{ "clock.corrected", "grants", "the machine's clock had been ahead: what came before may bear a later time" },
	{ "log.restored", "egress", "the log goes on from a backup: which checkpoint outside it does not reach" },
	{ "release.revoked", "egress", "what left should not be used any more" },
};
const size_t sl_audit_kinds_count = sizeof sl_audit_kinds / sizeof sl_audit_kinds[0];

bool sl_audit_kind_is(const char *kind, const char *word)
{
	if (strcmp(kind, word) == 0)
		return true;
	for (size_t i = 0; i < sl_audit_kinds_count; i++)
		if (strcmp(sl_audit_kinds[i].kind, kind) == 0)
			return strcmp(sl_audit_kinds[i].about, word) == 0;
	return false;
}

bool sl_audit_kind_known(const char *word)
{
	for (size_t i = 0; i < sl_audit_kinds_count; i++)
		if (strcmp(sl_audit_kinds[i].kind, word) == 0 || strcmp(sl_audit_kinds[i].about, word) == 0)
			return true;
	return false;
}
