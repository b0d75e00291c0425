/*
 * decide.c - a reviewer's or an owner's decision, signed here or elsewhere. Called by review and data approve, reject.
 */
#include "ui-cli/decide.h"

#include <inttypes.h>
#include <string.h>

#include "enclave/base/num.h"
#include "jobs/owner.h"

const struct sl_decider sl_decider_reviewer = { "review statement", "review show", sl_review_decide };
const struct sl_decider sl_decider_owner = { "data statement", "data review", sl_owner_release_decide };

enum sl_rc sl_decide_revision(const struct sl_cli *c, int64_t *revision, struct sl_err *err)
{
	const char *word = sl_args_flag(&c->args, "--revision");

	*revision = 0;
	if (word && (!sl_parse_int(word, strlen(word), revision) || *revision < 1))
		return sl_err_set(err, SL_E_USAGE, "--revision is a number from 1, not \"%.40s\"", word);
	return SL_OK;
}

const char *sl_decide_of(uint32_t revision, char out[static SL_DECIDE_OF])
{
	out[0] = '\0';
	if (revision > 1)
		snprintf(out, SL_DECIDE_OF, " --revision %" PRIu32, revision);
	return out;
}

struct sl_say sl_decide_said(const struct sl_cli *c, enum sl_decision decision, const char *names[static SL_GIVEN_MAX])
{
	const char *comment = sl_args_flag(&c->args, decision == SL_DECISION_RETURN ? "--reason" : "--comment"), *name;
	struct sl_say say = {.decision = decision, .comment = comment ? comment : "", .acknowledged = names};
	uint32_t at = 0;

	while (say.nacknowledged < SL_GIVEN_MAX && (name = sl_args_next(&c->args, "--acknowledge", &at)))
		names[say.nacknowledged++] = name;
	return say;
}

static void tell(struct sl_cli *c, int64_t id, enum sl_decision decision, int64_t release)
{
	sl_cli_set(c, "request", json_sprintf("R-%" PRId64, id));
	sl_cli_set(c, "decision", json_string(sl_gate_decision(decision)));
	if (release)
		sl_cli_set(c, "release", json_sprintf("L-%" PRId64, release));
	if (decision == SL_DECISION_REJECT) {
		sl_cli_changed(c, "R-%" PRId64 " rejected", id);
		sl_cli_next(c, "sluice request show R-%" PRId64, id);
	} else if (decision == SL_DECISION_RETURN) {
		sl_cli_changed(c, "R-%" PRId64 " returned to its author", id);
		sl_cli_next(c, "its author: sluice request revise R-%" PRId64 " --context TEXT", id);
	} else if (release) {
		sl_cli_changed(c, "R-%" PRId64 " approved and released as L-%" PRId64, id, release);
		sl_cli_next(c, "sluice release get L-%" PRId64 " --to DIR", release);
	} else {
		sl_cli_changed(c, "R-%" PRId64 " approved by you; it waits for more approvals", id);
		sl_cli_next(c, "a reviewer: sluice review show R-%" PRId64 "; an owner who is asked: sluice data review R-%" PRId64,
		            id, id);
	}
}

static enum sl_rc no_key(const struct sl_cli *c, const struct sl_decider *as, const char *request, struct sl_err *err)
{
	(void)sl_err_set(err, SL_E_IDENT, "a decision needs a signature, and there is no key here to make one with");
	sl_err_remedy(err, "%ssign what \"sluice %s %s\" prints and give it with --signed",
	              c->session ? "" : "--key PATH; or ", as->statement, request);
	return SL_E_IDENT;
}

enum sl_rc sl_decide(struct sl_cli *c, const struct sl_decider *as, enum sl_decision decision, struct sl_err *err)
{
	const char *file = sl_args_flag(&c->args, "--signed"), *names[SL_GIVEN_MAX];
	struct sl_say say = sl_decide_said(c, decision, names);
	struct sl_buf text = {0};
	int64_t id = 0, release = 0;
	enum sl_rc rc = sl_args_id(sl_cli_word(c, 0), 'R', &id, err);

	if (!rc)
		rc = sl_decide_revision(c, &say.revision, err);
	if (!rc && file && say.revision)
		rc = sl_err_set(err, SL_E_USAGE, "--revision is for an approval that is signed here: what was signed names its own");
	if (!rc && !file && c->actor.kind != SL_ACTOR_KEY)
		rc = no_key(c, as, sl_cli_word(c, 0), err);
	if (!rc && file)
		rc = sl_file_read(file, SL_CLI_STATEMENT_BYTES_MAX, &text, err);
	if (!rc)
		sl_cli_separation(c);
	if (!rc)
		rc = as->decide(&c->enclave, &c->actor, id, &say, file ? text.data : NULL, text.len, &release, err);
	/* What is released is, also when its bundle cannot be written now. */
	if (!rc || release)
		tell(c, id, decision, release);
	sl_buf_free(&text);
	return rc;
}

/* An answer about this one request; the next may have another. Whatever else went wrong ends it. */
static bool is_answer(enum sl_rc rc)
{
	return rc == SL_E_NO || rc == SL_E_DENIED || rc == SL_E_UNDECIDED || rc == SL_E_LIMIT;
}

static void tell_of(const struct sl_cli *c, int64_t id, int64_t release, const struct sl_err *why, json_t *results)
{
	json_t *o = json_pack("{s:o, s:b}", "request", json_sprintf("R-%" PRId64, id), "approved", why->rc == SL_OK);

	if (why->rc != SL_OK) {
		sl_cli_changed(c, "R-%" PRId64 " not approved: %s", id, why->text);
		if (why->remedy[0])
			sl_cli_changed(c, "  remedy: %s", why->remedy);
		json_object_set_new(o, "rule", json_string(why->rule));
		json_object_set_new(o, "reason", sl_cli_text(why->text));
		json_object_set_new(o, "remedy", sl_cli_text(why->remedy));
	} else if (release) {
		sl_cli_changed(c, "R-%" PRId64 " approved and released as L-%" PRId64, id, release);
		json_object_set_new(o, "release", json_sprintf("L-%" PRId64, release));
	} else {
		sl_cli_changed(c, "R-%" PRId64 " approved by you; it waits for more approvals", id);
	}
	json_array_append_new(results, o);
}

static enum sl_rc ids_of(const struct sl_cli *c, int64_t ids[static SL_WORDS_MAX], struct sl_err *err)
{
	static const char *const of_one[] = {"--signed", "--acknowledge", "--revision"};

	for (size_t i = 0; i < sizeof of_one / sizeof of_one[0]; i++)
		if (sl_args_flag(&c->args, of_one[i]))
			return sl_err_set(err, SL_E_USAGE, "%s is about one request: give one", of_one[i]);
	for (uint32_t i = 0; i < c->args.nwords; i++) {
		enum sl_rc rc = sl_args_id(c->args.words[i], 'R', &ids[i], err);

		if (rc)
			return rc;
		for (uint32_t k = 0; k < i; k++)
			if (ids[k] == ids[i])
				return sl_err_set(err, SL_E_USAGE, "R-%" PRId64 " twice", ids[i]);
	}
	return SL_OK;
}

enum sl_rc sl_decide_each(struct sl_cli *c, const struct sl_decider *as, struct sl_err *err)
{
	const char *names[SL_GIVEN_MAX];
	struct sl_say say = sl_decide_said(c, SL_DECISION_APPROVE, names);
	uint32_t n = c->args.nwords, approved = 0;
	json_t *results = json_array();
	int64_t ids[SL_WORDS_MAX];
	const struct sl_err none = {0};
	enum sl_rc rc = ids_of(c, ids, err);

	if (!rc && c->actor.kind != SL_ACTOR_KEY)
		rc = no_key(c, as, "R-1", err);
	if (!rc)
		sl_cli_separation(c);
	say.beside = true;
	for (uint32_t i = 0; i < n && !rc; i++) {
		struct sl_err why = {0};
		int64_t release = 0;

		rc = as->decide(&c->enclave, &c->actor, ids[i], &say, NULL, 0, &release, &why);
		if (!rc || release || is_answer(rc))
			tell_of(c, ids[i], release, release ? &none : &why, results);
		if (rc && (release || !is_answer(rc))) {
			*err = why;
			break;
		}
		approved += rc == SL_OK;
		rc = SL_OK;
	}
	sl_cli_set(c, "requests", results);
	if (!rc && approved < n) {
		rc = sl_err_set(err, SL_E_NO, "%u of %u requests were approved", approved, n);
		sl_err_remedy(err, "look at each of the others by itself: sluice review show");
		if (c->args.json) {
			sl_cli_set_error(c, err);
			rc = SL_OK;
		}
	}
	return rc;
}
