/*
 * recover.c - sluice recover: after a backup was brought back, what left since is entered again.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "jobs/recover.h"
#include "ui-cli/commands.h"

struct asked {
	const char *bundles[SL_GIVEN_MAX];
	struct sl_buf notes[SL_GIVEN_MAX], policies[SL_GIVEN_MAX];
	struct sl_recover_ask ask;
};

static enum sl_rc take(struct sl_cli *c, struct asked *a, struct sl_err *err)
{
	const char *text;
	uint32_t at = 0;
	enum sl_rc rc = SL_OK;

	a->ask.bundles = a->bundles;
	a->ask.notes = a->notes;
	a->ask.policies = a->policies;
	while ((text = sl_args_next(&c->args, "--release", &at)))
		a->bundles[a->ask.nbundles++] = text;
	at = 0;
	while (!rc && (text = sl_args_next(&c->args, "--checkpoint", &at)))
		rc = sl_file_read(text, SL_SIGNED_NOTE_BYTES_MAX, &a->notes[a->ask.nnotes++], err);
	at = 0;
	while (!rc && (text = sl_args_next(&c->args, "--policy", &at)))
		rc = sl_file_read(text, SL_POLICY_BYTES_MAX, &a->policies[a->ask.npolicies++], err);
	if (!rc && (a->ask.nbundles > 0) == (sl_args_flag(&c->args, "--nothing-left") != NULL)) {
		rc = sl_err_set(err, SL_E_USAGE, "recover wants each bundle that left since the backup, or --nothing-left");
		sl_err_remedy(err, "--release DIR, once for each");
	}
	return rc;
}

static void tell(struct sl_cli *c, const struct sl_recovery *r)
{
	static const char *const words[] = {
		[SL_RECOVERED_NONE] = "none", [SL_RECOVERED_UNKNOWN] = "unknown", [SL_RECOVERED_COUNTED] = "counted",
		[SL_RECOVERED_HERE] = "here",
	};
	json_t *list = json_array();
	bool unknown = false;

	if (r->outside != 0)
		sl_cli_changed(c, "the log goes on from the backup; a leaf of it names the checkpoint of size %" PRIu64
		                  " that it does not reach", r->outside);
	/* Nothing shows whether one of them was a release: that only people can say. */
	if (r->outside > r->bundles && r->n > 0 && !c->args.json)
		fprintf(stderr, "note: what was lost had %" PRIu64 " leaves behind the last of these bundles; see that none of them "
		                "was a release\n", r->outside - r->bundles);
	for (uint32_t i = 0; i < r->n; i++) {
		const struct sl_recovered_one *one = &r->releases[i];

		json_array_append_new(list, json_pack("{s:s, s:s, s:s*, s:o*}", "release", one->release, "fate", words[one->fate],
		                                      "as", *one->as ? one->as : NULL, "why",
		                                      one->why ? sl_cli_text(one->why) : NULL));
		if (one->fate == SL_RECOVERED_HERE)
			sl_cli_changed(c, "%s is here already%s%s", one->release, *one->as ? ", as " : "", one->as);
		else if (one->fate == SL_RECOVERED_COUNTED && *one->as)
			sl_cli_changed(c, "%s is entered again, as %s: another release has its number here. Later requests are "
			                  "compared with both", one->release, one->as);
		else if (one->fate == SL_RECOVERED_COUNTED)
			sl_cli_changed(c, "%s is entered again: later requests are compared with it", one->release);
		else
			sl_cli_changed(c, "%s is entered, but who stands behind it is not known: nothing about the same persons can be "
			                  "requested or leave; %s", one->release, one->why);
		unknown = unknown || one->fate == SL_RECOVERED_UNKNOWN;
	}
	sl_cli_set(c, "releases", list);
	sl_cli_set(c, "outside", json_integer((json_int_t)r->outside));
	sl_cli_set(c, "bundles", json_integer((json_int_t)r->bundles));
	if (unknown)
		sl_cli_next(c, "cure what is said above, and give the same bundles again: sluice recover --release DIR");
	else
		sl_cli_next(c, "sluice audit verify, and a new checkpoint for the auditors: sluice audit checkpoint");
}

enum sl_rc sl_cmd_recover(struct sl_cli *c, struct sl_err *err)
{
	struct asked *a;
	struct sl_recovery r = {0};

	if (sl_args_flag(&c->args, "--clock")) {
		enum sl_rc rc = sl_recover_clock(&c->enclave, &c->actor, err);
		if (!rc)
			sl_cli_changed(c, "the log says that the clock had been ahead, and goes on by the time of now");
		return rc;
	}
	a = calloc(1, sizeof *a);
	enum sl_rc rc = a ? take(c, a, err) : sl_err_set(err, SL_E_NOMEM, "out of memory");

	if (!rc)
		rc = sl_recover(&c->enclave, &c->actor, &a->ask, &r, err);
	if (!rc)
		tell(c, &r);
	sl_recovery_free(&r);
	for (uint32_t i = 0; a && i < a->ask.nnotes; i++)
		sl_buf_free(&a->notes[i]);
	for (uint32_t i = 0; a && i < a->ask.npolicies; i++)
		sl_buf_free(&a->policies[i]);
	free(a);
	return rc;
}
