/*
 * audit_verify.c - sluice audit verify: recompute the log, and that it only grew since a checkpoint. With --export or
 * --proof without any enclave.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "jobs/left.h"
#include "jobs/ledger.h"
#include "ui-cli/commands.h"

#define PROOF_BYTES_MAX (4u << 20)
#define LEDGER_BYTES_MAX (64u << 20)

/* Files that may be named. */
struct given {
	struct sl_buf anchor, against;
	bool has_anchor, has_against;
};

static enum sl_rc read_given(struct sl_cli *c, struct given *g, struct sl_err *err)
{
	const char *anchor = sl_args_flag(&c->args, "--anchor"), *against = sl_args_flag(&c->args, "--against");
	enum sl_rc rc = SL_OK;

	g->has_anchor = anchor != NULL;
	g->has_against = against != NULL;
	if (anchor)
		rc = sl_file_read(anchor, SL_SIGNED_NOTE_BYTES_MAX, &g->anchor, err);
	if (!rc && against)
		rc = sl_file_read(against, SL_SIGNED_NOTE_BYTES_MAX, &g->against, err);
	return rc;
}

static void tell(struct sl_cli *c, const char *what, const struct sl_checkpoint *cp, bool against)
{
	char root[65];

	sl_text_hex(cp->root.b, sizeof cp->root.b, root);
	sl_cli_set(c, "size", json_integer((json_int_t)cp->size));
	sl_cli_set(c, "root", json_string(root));
	sl_cli_changed(c, "%s: %" PRIu64 " leaves, root %s%s", what, cp->size, root,
	               against ? "; it only grew since the checkpoint" : "");
}

static enum sl_rc verify_export(struct sl_cli *c, const char *path, const struct sl_audit_trust *trust,
                                struct sl_err *err)
{
	bool standard = strcmp(path, "-") == 0;
	FILE *in = standard ? stdin : fopen(path, "re");
	struct sl_checkpoint cp;
	enum sl_rc rc;

	if (!in)
		return sl_err_errno(err, SL_E_IO, errno, "cannot open \"%s\"", path);
	rc = sl_audit_export_verify(in, trust, &cp, err);
	if (!standard)
		fclose(in);
	if (!rc)
		tell(c, "the export is whole", &cp, trust->against.size != 0);
	return rc;
}

static enum sl_rc verify_proof(struct sl_cli *c, const char *path, const struct sl_audit_trust *trust,
                               struct sl_err *err)
{
	struct sl_buf proof = {0}, leaf = {0};
	struct sl_checkpoint cp;
	uint64_t index = 0;
	enum sl_rc rc = sl_file_read(path, PROOF_BYTES_MAX, &proof, err);

	if (!rc)
		rc = sl_audit_proof_verify(&proof, trust, &index, &leaf, &cp, err);
	if (!rc) {
		sl_cli_set(c, "index", json_integer((json_int_t)index));
		sl_cli_set(c, "leaf", sl_cli_bytes(leaf.data, leaf.len));
		sl_cli_set(c, "size", json_integer((json_int_t)cp.size));
		if (!c->args.json)
			sl_say_lines(stdout, "", leaf.data, leaf.len);
		sl_cli_changed(c, "this is leaf %" PRIu64 " of the log of %" PRIu64 " leaves", index, cp.size);
	}
	sl_buf_free(&proof);
	sl_buf_free(&leaf);
	return rc;
}

static enum sl_rc verify_ledger(struct sl_cli *c, const char *path, const struct sl_audit_trust *trust,
                                struct sl_err *err)
{
	struct sl_buf text = {0};
	char *table = NULL;
	uint32_t lines = 0;
	enum sl_rc rc = sl_file_read(path, LEDGER_BYTES_MAX, &text, err);

	if (!rc)
		rc = sl_ledger_verify(&text, trust, &table, &lines, err);
	if (!rc) {
		sl_cli_set(c, "table", sl_cli_text(table));
		sl_cli_set(c, "lines", json_integer(lines));
		sl_cli_changed(c, "the ledger of %s is whole: %u leaves of the log", table, lines);
	}
	free(table);
	sl_buf_free(&text);
	return rc;
}

static enum sl_rc verify_enclave(struct sl_cli *c, const struct given *g, struct sl_err *err)
{
	const char *note = g->has_against ? (const char *)g->against.data : NULL;
	struct sl_checkpoint now;
	struct sl_err why = {0};
	enum sl_rc rc = sl_audit_verify(&c->enclave, note, g->against.len, &now, err);

	if (!rc)
		rc = sl_left_check(&c->enclave, err);
	/* What was just seen whole need not be read again by the next gate. Where the keys lie may be read-only. */
	if (!rc && sl_audit_keep(&c->enclave, &why) != SL_OK && !c->args.json)
		fprintf(stderr, "note: no checkpoint was put beside the keys: %s\n", why.text);
	if (!rc)
		tell(c, "the log is whole", &now, g->has_against);
	return rc;
}

enum sl_rc sl_cmd_audit_verify(struct sl_cli *c, struct sl_err *err)
{
	const char *exported = sl_args_flag(&c->args, "--export"), *proof = sl_args_flag(&c->args, "--proof");
	const char *ledger = sl_args_flag(&c->args, "--ledger");
	bool offline = exported || proof || ledger;
	struct sl_audit_trust trust;
	struct given g = {0};
	enum sl_rc rc = SL_OK;

	if ((exported != NULL) + (proof != NULL) + (ledger != NULL) > 1)
		rc = sl_err_set(err, SL_E_USAGE, "--export, --proof and --ledger are questions of their own");
	if (!rc && !offline && sl_args_flag(&c->args, "--anchor"))
		rc = sl_err_set(err, SL_E_USAGE, "--anchor belongs to --export, --proof or --ledger: the enclave knows its own key");
	if (!rc)
		rc = read_given(c, &g, err);
	if (!rc && !offline)
		rc = verify_enclave(c, &g, err);
	else if (!rc)
		rc = sl_audit_trust_read(g.has_anchor ? &g.anchor : NULL, g.has_against ? &g.against : NULL, &trust, err);
	if (!rc && exported)
		rc = verify_export(c, exported, &trust, err);
	if (!rc && ledger)
		rc = verify_ledger(c, ledger, &trust, err);
	if (!rc && proof)
		rc = verify_proof(c, proof, &trust, err);
	sl_buf_free(&g.anchor);
	sl_buf_free(&g.against);
	return rc;
}
