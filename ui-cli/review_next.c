/*
 * review_next.c - sluice review next: the oldest request that this reviewer may decide, shown.
 */
#include <inttypes.h>

#include "jobs/request.h"
#include "ui-cli/commands.h"

enum sl_rc sl_cmd_review_next(struct sl_cli *c, struct sl_err *err)
{
	char name[32];
	int64_t id = 0;
	enum sl_rc rc = sl_review_next(&c->enclave, &c->actor, &id, err);

	if (rc)
		return rc;
	if (id == 0) {
		sl_cli_set(c, "request", json_null());
		sl_cli_changed(c, "nothing waits for you");
		return SL_OK;
	}
	snprintf(name, sizeof name, "R-%" PRId64, id);
	c->args.words[0] = name;
	c->args.nwords = 1;
	rc = sl_cmd_review_show(c, err);
	c->args.nwords = 0;
	return rc;
}
