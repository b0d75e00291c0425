/*
 * sluice-check - results and rules in, findings and a publication out.
 *
 * Started by the keeper. Has no key, no table and no analyst's code; links rules and confinement, nothing else.
 * Conversation: CHECK_SETUP, (PLAN, RESULT) × nplans, (HISTORY, ATOMS) × nspaces → ; ← PUBLICATION, BEHIND.
 */
#include <stdlib.h>
#include <string.h>

#include "enclave/confine/confine.h"
#include "policy/check.h"

struct state {
	struct sl_check_setup setup;
	struct sl_plan plans[SL_PLANS_MAX];
	struct sl_result results[SL_PLANS_MAX];
	struct sl_check_space spaces[SL_PLANS_MAX];
};

static enum sl_rc prepare(struct sl_confine *c, const uint8_t *setup, size_t len, void *state, struct sl_err *err)
{
	struct state *st = state;
	enum sl_rc rc = sl_codec_decode(&sl_check_setup_record, setup, len, &st->setup, err);

	(void)c;
	if (rc == SL_OK && (st->setup.nplans > SL_PLANS_MAX || st->setup.nspaces > SL_PLANS_MAX))
		rc = sl_err_set(err, SL_E_INPUT, "%u plans and %u spaces are more than %d", st->setup.nplans, st->setup.nspaces,
		                SL_PLANS_MAX);
	return rc;
}

/* One frame of exactly this type, decoded into *value. The received bytes go at once: results are large. */
static enum sl_rc receive(struct sl_confine *c, enum sl_frame_type wanted, size_t len_max,
                          const struct sl_record *record, void *value, struct sl_err *err)
{
	enum sl_frame_type type;
	struct sl_buf body = { 0 };
	enum sl_rc rc = sl_confine_recv(c, &wanted, 1, len_max, &type, &body, err);

	if (rc == SL_OK)
		rc = sl_codec_decode(record, body.data, body.len, value, err);
	sl_buf_free(&body);
	return rc;
}

static enum sl_rc send(struct sl_confine *c, enum sl_frame_type type, size_t len_max, const struct sl_record *record,
                       const void *value, struct sl_err *err)
{
	struct sl_buf body = { .max = len_max };
	enum sl_rc rc = sl_codec_encode(record, value, &body, err);

	if (rc == SL_OK)
		rc = sl_confine_send(c, type, body.data, body.len, err);
	sl_buf_free(&body);
	return rc;
}

static enum sl_rc receive_atoms(struct sl_confine *c, struct sl_atoms *out, struct sl_err *err)
{
	struct sl_atoms_packed packed;
	enum sl_rc rc = receive(c, SL_FRAME_ATOMS, SL_MEMBERS_WIRE_MAX, &sl_atoms_packed_record, &packed, err);

	return rc == SL_OK ? sl_atoms_unpack(&packed, out, err) : rc;
}

static enum sl_rc run(struct sl_confine *c, void *state, struct sl_err *err)
{
	struct state *st = state;
	struct sl_publication publication;
	struct sl_behind behind;
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < st->setup.nplans && rc == SL_OK; i++) {
		rc = receive(c, SL_FRAME_PLAN, SL_PLAN_WIRE_MAX, &sl_plan_record, &st->plans[i], err);
		if (rc == SL_OK)
			rc = receive(c, SL_FRAME_RESULT, SL_RESULT_WIRE_MAX, &sl_result_record, &st->results[i], err);
	}
	for (uint32_t i = 0; i < st->setup.nspaces && rc == SL_OK; i++) {
		rc = receive(c, SL_FRAME_HISTORY, SL_MEMBERS_WIRE_MAX, &sl_history_record, &st->spaces[i].history, err);
		if (rc == SL_OK)
			rc = receive_atoms(c, &st->spaces[i].atoms, err);
	}
	if (rc == SL_OK)
		rc = sl_check_behind(&st->setup, st->plans, st->results, st->spaces, &publication, &behind, err);
	if (rc == SL_OK)
		rc = send(c, SL_FRAME_PUBLICATION, SL_PUBLICATION_WIRE_MAX, &sl_publication_record, &publication, err);
	if (rc == SL_OK)
		rc = send(c, SL_FRAME_BEHIND, SL_BEHIND_WIRE_MAX, &sl_behind_record, &behind, err);
	return rc;
}

int main(int argc, char **argv)
{
	static struct state state;
	static const struct sl_confine_program program = {
		.program = SL_PROGRAM_CHECK,
		.setup_type = SL_FRAME_CHECK_SETUP,
		.setup_bytes_max = SL_SETUP_WIRE_MAX,
		.prepare = prepare,
		.run = run,
	};

	sl_confine_main(&program, &state, argc, argv);
}
