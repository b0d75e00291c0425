/*
 * policy_schema.c - sluice policy schema: what a policy file may look like, for editors and validators.
 */
#include <stdlib.h>
#include <string.h>

#include "jobs/policy_schema.h"
#include "ui-cli/commands.h"

enum sl_rc sl_cmd_policy_schema(struct sl_cli *c, struct sl_err *err)
{
	const char *which = sl_args_flag(&c->args, "--catalogue") != NULL ? sl_catalogue_schema : sl_policy_schema;
	json_t *schema = json_loads(which, JSON_REJECT_DUPLICATES, NULL);
	char *text = schema && !c->args.json ? json_dumps(schema, JSON_INDENT(2)) : NULL;

	if (c->args.json)
		sl_cli_set(c, "schema", json_incref(schema));
	else if (text)
		puts(text);
	enum sl_rc rc = schema && (text || c->args.json) ? SL_OK : sl_err_set(err, SL_E_NOMEM, "out of memory");
	free(text);
	json_decref(schema);
	return rc;
}
