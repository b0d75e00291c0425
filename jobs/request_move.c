/* request_move.c - see request_move.h. */
#include "jobs/request_move.h"

#include "jobs/pack.h"

static enum sl_rc ask(const struct sl_standing *standing, const struct sl_store_request *row, const char *person,
                      bool owns, enum sl_move move, enum sl_request_state *to, struct sl_err *err)
{
	char name[SL_PACK_NAME];
	uint32_t parties = SL_PARTY_NONE;

	if (person == NULL)
		parties = SL_PARTY_ENCLAVE;
	else if (standing->has_policy)
		parties = sl_moves_parties(&standing->policy, row->project, row->author, person, owns, sl_enclave_today());
	sl_pack_name('R', row->id, name);
	return sl_moves_ask(name, (enum sl_request_state)row->state, move, parties, to, err);
}

enum sl_rc sl_request_move(struct sl_enclave *e, const struct sl_standing *standing, struct sl_store_request *row,
                           const char *person, bool owns, enum sl_move move, struct sl_err *err)
{
	enum sl_request_state to;
	enum sl_rc rc = ask(standing, row, person, owns, move, &to, err);

	if (rc == SL_OK)
		rc = sl_store_request_state(&e->db, row->id, to, err);
	if (rc == SL_OK)
		row->state = to;
	return rc;
}

enum sl_rc sl_request_may(const struct sl_standing *standing, const struct sl_store_request *row, const char *person,
                          bool owns, enum sl_move move, struct sl_err *err)
{
	enum sl_request_state to;

	return ask(standing, row, person, owns, move, &to, err);
}
