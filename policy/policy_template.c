/* policy_template.c - see sl_policy_template: a first policy that loads, for a person to fill in. */
#include <string.h>

#include "enclave/base/text.h"
#include "policy/policy.h"

static void put_pins(struct sl_buf *out, const struct sl_template *t)
{
	char hex[2 * 32 + 1];

	for (uint32_t i = 0; i < t->ncatalogues; i++) {
		sl_text_hex(t->catalogues[i]->sha256, 32, hex);
		sl_buf_text(out, i == 0 ? "\n    " : ",\n    ");
		sl_text_quote(out, t->catalogues[i]->dataset);
		sl_buf_printf(out, ": \"sha256:%s\"", hex);
	}
	sl_buf_text(out, t->ncatalogues > 0 ? "\n  },\n" : "},\n");
}

enum sl_rc sl_policy_template(const struct sl_template *t, struct sl_buf *out, struct sl_err *err)
{
	const char *words[] = { t->enclave, t->officer, t->officer_key };

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (!sl_text_is_clean(words[i], strlen(words[i])))
			return sl_err_set(err, SL_E_INPUT, "a name or key holds a control character");
	sl_buf_text(out, "{\n  \"sluice_policy\": 1,\n  \"enclave\": ");
	sl_text_quote(out, t->enclave);
	sl_buf_printf(out, ",\n  \"serial\": %llu,\n  \"officers_needed\": 1,\n  \"people\": {\n    ",
	              (unsigned long long)t->serial);
	sl_text_quote(out, t->officer);
	sl_buf_text(out, ": {\"roles\": [\"officer\"], \"key\": ");
	sl_text_quote(out, t->officer_key);
	sl_buf_text(out, "}\n  },\n  \"catalogues\": {");
	put_pins(out, t);
	sl_buf_text(out, "  \"disclosure\": {\"profile\": \"tre-uk\"},\n  \"projects\": {}\n}\n");
	return sl_buf_ok(out, "the policy template", err);
}
