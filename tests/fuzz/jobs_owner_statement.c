/* What an owner signed, read: a grant that is taken has all it needs; one that is refused leaves nothing behind. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "jobs/owner_statement.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sl_owner_statement s;

	if (sl_owner_statement_read(data, size, &s, NULL) == SL_OK) {
		const struct sl_owner_grant *g = &s.grant;
		if (s.enclave == NULL || g->application == NULL || g->project == NULL || g->purpose == NULL || g->table == NULL ||
		    g->owner == NULL || g->verified || g->withdrawn)
			abort();
		for (uint32_t i = 0; i < g->ncolumns; i++)
			if (g->columns[i].name == NULL || g->columns[i].uses == 0)
				abort();
	} else if (s.enclave != NULL || s.grant.table != NULL || s.grant.columns != NULL) {
		abort();
	}
	sl_owner_statement_free(&s);
	return 0;
}
