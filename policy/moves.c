/* moves.c - see moves.h. A zeroed cell refuses, so a move that nobody thought of is a refusal. */
#include "policy/moves.h"

#include <stdio.h>
#include <string.h>

#include "policy/gate.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct sl_state_row states[SL_REQUEST_STATE_COUNT_] = {
	[SL_REQUEST_DRAFT] = {
		.state = SL_REQUEST_DRAFT, .name = "draft",
		.meaning = "judged; reviewers see it, and decide when its author submits it",
		.remedy = "its author submits it (request submit), changes it (request revise) or withdraws it",
	},
	[SL_REQUEST_SUBMITTED] = {
		.state = SL_REQUEST_SUBMITTED, .name = "submitted",
		.meaning = "with the reviewers; none has approved it",
		.remedy = "reviewers decide (review show); its author may revise or withdraw it",
	},
	[SL_REQUEST_PARTLY] = {
		.state = SL_REQUEST_PARTLY, .name = "partially approved",
		.meaning = "approved by fewer reviewers than are needed",
		.remedy = "another reviewer decides (review next); its author may revise or withdraw it",
	},
	[SL_REQUEST_APPROVED] = {
		.state = SL_REQUEST_APPROVED, .name = "approved",
		.meaning = "approved by enough reviewers; the gate waits for something else",
		.remedy = "request show tells what the gate waits for; its author may revise or withdraw it",
	},
	[SL_REQUEST_RELEASED] = {
		.state = SL_REQUEST_RELEASED, .name = "released",
		.meaning = "it left",
		.remedy = "what has left has left: an officer can revoke the release; for other numbers, request anew",
	},
	[SL_REQUEST_RETURNED] = {
		.state = SL_REQUEST_RETURNED, .name = "returned",
		.meaning = "a reviewer asks its author to change or explain something",
		.remedy = "its author answers with request revise, or withdraws it",
	},
	[SL_REQUEST_REJECTED] = {
		.state = SL_REQUEST_REJECTED, .name = "rejected",
		.meaning = "a reviewer said no to it",
		.remedy = "its author may make another request that answers the reviewer: request new",
	},
	[SL_REQUEST_WITHDRAWN] = {
		.state = SL_REQUEST_WITHDRAWN, .name = "withdrawn",
		.meaning = "its author does not want it any more",
		.remedy = "its author may make another request: request new",
	},
	[SL_REQUEST_REFUSED] = {
		.state = SL_REQUEST_REFUSED, .name = "refused",
		.meaning = "the check refused it: no reviewer could release it",
		.remedy = "its author sees the causes (request show) and answers with request revise, or requests anew",
	},
	[SL_REQUEST_REVOKED] = {
		.state = SL_REQUEST_REVOKED, .name = "revoked",
		.meaning = "it left and was revoked: whoever has it should not use it",
		.remedy = "release ls tells who has it; for other numbers, request anew",
	},
};

const enum sl_request_state sl_moves_life[SL_REQUEST_STATE_COUNT_ - 1] = {
	SL_REQUEST_DRAFT,    SL_REQUEST_REFUSED,  SL_REQUEST_SUBMITTED, SL_REQUEST_PARTLY,    SL_REQUEST_APPROVED,
	SL_REQUEST_RELEASED, SL_REQUEST_RETURNED, SL_REQUEST_REJECTED,  SL_REQUEST_WITHDRAWN, SL_REQUEST_REVOKED,
};

#define TO(from, state) [SL_REQUEST_##from] = SL_REQUEST_##state

static const struct sl_move_row moves[SL_MOVE_COUNT_] = {
	[SL_MOVE_SUBMIT] = {
		.move = SL_MOVE_SUBMIT, .name = "request submit", .who = SL_PARTY_AUTHOR,
		.to = { TO(DRAFT, SUBMITTED) },
		.why = "its author says that it is what they want; until then nobody need decide",
		.remedy = "ask its author",
	},
	[SL_MOVE_REFUSE] = {
		.move = SL_MOVE_REFUSE, .name = "the check refuses", .who = SL_PARTY_ENCLAVE,
		.to = { TO(DRAFT, REFUSED) },
		.why = "what no reviewer could release costs no reviewer's time",
		.remedy = "nobody does this: it follows from the check",
	},
	[SL_MOVE_REVISE] = {
		.move = SL_MOVE_REVISE, .name = "request revise", .who = SL_PARTY_AUTHOR,
		.to = { TO(DRAFT, DRAFT), TO(RETURNED, DRAFT), TO(REFUSED, DRAFT), TO(SUBMITTED, DRAFT), TO(PARTLY, DRAFT),
		        TO(APPROVED, DRAFT) },
		.why = "the publication is made again, so what was approved is not what would leave: votes begin anew",
		.remedy = "ask its author",
	},
	[SL_MOVE_WITHDRAW] = {
		.move = SL_MOVE_WITHDRAW, .name = "request withdraw", .who = SL_PARTY_AUTHOR,
		.to = { TO(DRAFT, WITHDRAWN), TO(SUBMITTED, WITHDRAWN), TO(PARTLY, WITHDRAWN), TO(APPROVED, WITHDRAWN),
		        TO(RETURNED, WITHDRAWN), TO(REFUSED, WITHDRAWN) },
		.why = "who asked may stop asking, until it has left",
		.remedy = "ask its author",
	},
	[SL_MOVE_LOOK] = {
		.move = SL_MOVE_LOOK, .name = "review show", .who = SL_PARTY_REVIEWER,
		.to = { TO(DRAFT, DRAFT), TO(SUBMITTED, SUBMITTED), TO(PARTLY, PARTLY), TO(APPROVED, APPROVED),
		        TO(RELEASED, RELEASED), TO(RETURNED, RETURNED), TO(REJECTED, REJECTED), TO(WITHDRAWN, WITHDRAWN),
		        TO(REFUSED, REFUSED), TO(REVOKED, REVOKED) },
		.why = "a draft told its author one bit, as a refusal did; all may be looked at again, also after the decision",
		.remedy = "ask a reviewer who is no analyst of the project",
	},
	[SL_MOVE_APPROVE] = {
		.move = SL_MOVE_APPROVE, .name = "review approve", .who = SL_PARTY_REVIEWER,
		.to = { TO(SUBMITTED, PARTLY), TO(PARTLY, PARTLY) },
		.why = "author, the project's analysts and, if policy says so, their organisation never decide on their own",
		.remedy = "ask a reviewer who is no analyst of the project",
	},
	[SL_MOVE_COMPLETE] = {
		.move = SL_MOVE_COMPLETE, .name = "enough approvals", .who = SL_PARTY_ENCLAVE,
		.to = { TO(PARTLY, APPROVED) },
		.why = "the gate counts, with every signature verified again",
		.remedy = "nobody does this: it follows from the approvals",
	},
	[SL_MOVE_RELEASE] = {
		.move = SL_MOVE_RELEASE, .name = "the gate opens", .who = SL_PARTY_ENCLAVE,
		.to = { TO(APPROVED, RELEASED) },
		.why = "every condition of the gate is met, in the same transaction",
		.remedy = "nobody does this: it follows when the gate's conditions are met",
	},
	[SL_MOVE_RETURN] = {
		.move = SL_MOVE_RETURN, .name = "review return", .who = SL_PARTY_REVIEWER,
		.to = { TO(SUBMITTED, RETURNED), TO(PARTLY, RETURNED), TO(APPROVED, RETURNED) },
		.why = "a question to the author is not a no; nothing leaves while it is open",
		.remedy = "ask a reviewer who is no analyst of the project",
	},
	[SL_MOVE_REJECT] = {
		.move = SL_MOVE_REJECT, .name = "review reject", .who = SL_PARTY_REVIEWER,
		.to = { TO(SUBMITTED, REJECTED), TO(PARTLY, REJECTED), TO(APPROVED, REJECTED) },
		.why = "one reviewer's no is enough, until it has left",
		.remedy = "ask a reviewer who is no analyst of the project",
	},
	[SL_MOVE_OWNER_APPROVE] = {
		.move = SL_MOVE_OWNER_APPROVE, .name = "data approve", .who = SL_PARTY_OWNER,
		.to = { TO(SUBMITTED, SUBMITTED), TO(PARTLY, PARTLY), TO(APPROVED, APPROVED) },
		.why = "an owner who is asked says yes beside the reviewers; the gate counts both",
		.remedy = "ask an owner of a table it was made from",
	},
	[SL_MOVE_OWNER_REJECT] = {
		.move = SL_MOVE_OWNER_REJECT, .name = "data reject", .who = SL_PARTY_OWNER,
		.to = { TO(SUBMITTED, REJECTED), TO(PARTLY, REJECTED), TO(APPROVED, REJECTED) },
		.why = "the no of an owner who is asked is enough, until it has left",
		.remedy = "ask an owner of a table it was made from",
	},
	[SL_MOVE_COMMENT] = {
		.move = SL_MOVE_COMMENT, .name = "comment", .who = SL_PARTY_AUTHOR | SL_PARTY_ANALYST | SL_PARTY_REVIEWER,
		.to = { TO(SUBMITTED, SUBMITTED), TO(PARTLY, PARTLY), TO(APPROVED, APPROVED), TO(RETURNED, RETURNED),
		        TO(REJECTED, REJECTED), TO(RELEASED, RELEASED), TO(REVOKED, REVOKED) },
		.why = "those who asked and those who decide talk where it is kept; it changes nothing",
		.remedy = "ask its author or a reviewer",
	},
	[SL_MOVE_NOTE] = {
		.move = SL_MOVE_NOTE, .name = "private comment", .who = SL_PARTY_REVIEWER,
		.to = { TO(SUBMITTED, SUBMITTED), TO(PARTLY, PARTLY), TO(APPROVED, APPROVED), TO(RETURNED, RETURNED),
		        TO(REJECTED, REJECTED), TO(RELEASED, RELEASED), TO(REVOKED, REVOKED) },
		.why = "reviewers may speak of hidden numbers among themselves; auditors read it, authors never",
		.remedy = "leave out --private",
	},
	[SL_MOVE_REVOKE] = {
		.move = SL_MOVE_REVOKE, .name = "release revoke", .who = SL_PARTY_OFFICER | SL_PARTY_OWNER,
		.to = { TO(RELEASED, REVOKED) },
		.why = "who answers for the rules or the data takes a mistake back; it can release nothing",
		.remedy = "ask an officer, or an owner of a table it was made from",
	},
	[SL_MOVE_RECOVER] = {
		.move = SL_MOVE_RECOVER, .name = "entered again", .who = SL_PARTY_ENCLAVE,
		.to = { TO(DRAFT, RELEASED), TO(SUBMITTED, RELEASED), TO(PARTLY, RELEASED), TO(APPROVED, RELEASED),
		        TO(RETURNED, RELEASED), TO(REJECTED, RELEASED), TO(WITHDRAWN, RELEASED) },
		.why = "a restored state is behind what happened: the signed bundle shows that it has left, whatever is here",
		.remedy = "nobody does this: it follows from the bundle, when an operator recovers it",
	},
};

#undef TO

const struct sl_move_row *sl_moves_row(enum sl_move move)
{
	return (size_t)move < COUNT(moves) && moves[move].move != SL_MOVE_NONE ? &moves[move] : NULL;
}

const struct sl_state_row *sl_moves_state(enum sl_request_state state)
{
	return (size_t)state < COUNT(states) && states[state].state != SL_REQUEST_NONE ? &states[state] : NULL;
}

const char *sl_moves_state_name(enum sl_request_state state)
{
	const struct sl_state_row *row = sl_moves_state(state);

	return row != NULL ? row->name : "none";
}

const char *sl_moves_party_name(enum sl_party party)
{
	static const char *const names[SL_PARTY_COUNT] = { "author",  "project's analyst", "reviewer", "owner",
		                                           "officer", "auditor",           "operator", "enclave" };

	for (size_t i = 0; i < COUNT(names); i++)
		if ((unsigned)party == 1u << i)
			return names[i];
	return "stranger";
}

enum sl_request_state sl_moves_next(enum sl_request_state from, enum sl_move move, uint32_t parties)
{
	const struct sl_move_row *row = sl_moves_row(move);

	if (row == NULL || sl_moves_state(from) == NULL || (parties & ~SL_PARTIES_ALL) != 0 || (parties & row->who) == 0)
		return SL_REQUEST_NONE;
	return (enum sl_request_state)row->to[from];
}

static enum sl_rc not_theirs(const char *name, const struct sl_move_row *row, struct sl_err *err)
{
	char whose[128] = "";
	size_t at = 0;

	for (uint32_t bit = 1; bit <= SL_PARTY_ENCLAVE; bit <<= 1)
		if ((row->who & bit) != 0) {
			int n = snprintf(whose + at, sizeof whose - at, "%s%s", at > 0 ? " or " : "",
			                 sl_moves_party_name((enum sl_party)bit));
			at += n > 0 ? (size_t)n : 0;
			at = at < sizeof whose ? at : sizeof whose - 1;
		}
	(void)sl_err_set(err, SL_E_DENIED, "\"%s\" on %s is for: %s", row->name, name, whose);
	sl_err_rule(err, SL_MOVES_PARTY);
	sl_err_remedy(err, "%s", row->remedy);
	return SL_E_DENIED;
}

enum sl_rc sl_moves_ask(const char *name, enum sl_request_state from, enum sl_move move, uint32_t parties,
                        enum sl_request_state *to, struct sl_err *err)
{
	const struct sl_move_row *row = sl_moves_row(move);
	const struct sl_state_row *state = sl_moves_state(from);

	*to = SL_REQUEST_NONE;
	if (row == NULL || state == NULL) {
		(void)sl_err_set(err, SL_E_DENIED, "%s: no such %s", name, row == NULL ? "move" : "state");
		sl_err_rule(err, SL_MOVES_STATE);
		sl_err_remedy(err, "`sluice policy matrix --moves` has all that can be done");
		return SL_E_DENIED;
	}
	if ((parties & ~SL_PARTIES_ALL) != 0 || (parties & row->who) == 0)
		return not_theirs(name, row, err);
	*to = sl_moves_next(from, move, parties);
	if (*to != SL_REQUEST_NONE)
		return SL_OK;
	(void)sl_err_set(err, SL_E_NO, "%s is %s, and \"%s\" is not done from there", name, state->name, row->name);
	sl_err_rule(err, SL_MOVES_STATE);
	sl_err_remedy(err, "%s", state->remedy);
	return SL_E_NO;
}

uint32_t sl_moves_parties(const struct sl_policy *policy, const char *project, const char *author, const char *person,
                          bool owns, int64_t today)
{
	static const struct {
		uint32_t role, party;
	} by_role[] = {
		{ SL_ROLE_OFFICER, SL_PARTY_OFFICER },
		{ SL_ROLE_AUDITOR, SL_PARTY_AUDITOR },
		{ SL_ROLE_OPERATOR, SL_PARTY_OPERATOR },
	};
	const struct sl_person *p = sl_policy_person(policy, person);
	const struct sl_project *pr = sl_policy_project(policy, project);
	uint32_t roles = p != NULL ? sl_policy_roles(policy, p, today) : 0, parties = SL_PARTY_NONE;

	if ((roles & SL_ROLE_ANALYST) != 0 && strcmp(person, author) == 0)
		parties |= SL_PARTY_AUTHOR;
	else if ((roles & SL_ROLE_ANALYST) != 0 && pr != NULL && sl_project_has_analyst(pr, person))
		parties |= SL_PARTY_ANALYST;
	if ((roles & SL_ROLE_REVIEWER) != 0 && sl_gate_may_review(policy, project, author, person, NULL) == SL_OK)
		parties |= SL_PARTY_REVIEWER;
	if ((roles & SL_ROLE_OWNER) != 0 && owns)
		parties |= SL_PARTY_OWNER;
	for (size_t i = 0; i < COUNT(by_role); i++)
		if ((roles & by_role[i].role) != 0)
			parties |= by_role[i].party;
	return parties;
}
