/* owner_words.c - see owner_words.h. */
#include "ui-cli/owner_words.h"

#include <string.h>

#include "enclave/base/num.h"
#include "jobs/pack.h"

enum sl_rc sl_owner_words_day(const struct sl_cli *c, const char *flag, int64_t *out, struct sl_err *err)
{
	const char *word = sl_args_flag(&c->args, flag);

	*out = INT64_MIN;
	if (word == NULL || sl_parse_date(word, strlen(word), out))
		return SL_OK;
	return sl_err_set(err, SL_E_USAGE, "%s takes a day, YYYY-MM-DD, not \"%.40s\"", flag, word);
}

enum sl_rc sl_owner_words_terms(const struct sl_cli *c, const char **names, struct sl_owner_terms *out,
                                struct sl_err *err)
{
	const char *name;
	uint32_t at = 0;

	*out = (struct sl_owner_terms){ .columns = names };
	while (out->ncolumns < SL_GIVEN_MAX && (name = sl_args_next(&c->args, "--columns", &at)) != NULL)
		names[out->ncolumns++] = name;
	return sl_owner_words_day(c, "--until", &out->until, err);
}

void sl_owner_words_columns(const struct sl_granted_column *columns, uint32_t n, struct sl_buf *out)
{
	for (uint32_t i = 0; i < n; i++) {
		sl_buf_printf(out, "%s%s (", i > 0 ? ", " : "", columns[i].name);
		bool first = true;
		for (uint32_t bit = SL_USE_GROUP; bit <= SL_USE_MEASURE; bit <<= 1)
			if ((columns[i].uses & bit) != 0) {
				sl_buf_printf(out, "%s%s", first ? "" : " ", sl_use_name((enum sl_use)bit));
				first = false;
			}
		sl_buf_text(out, ")");
	}
	if (n == 0)
		sl_buf_text(out, "none: its units may be counted");
}

json_t *sl_owner_words_columns_json(const struct sl_granted_column *columns, uint32_t n)
{
	json_t *o = json_object();

	for (uint32_t i = 0; i < n; i++) {
		json_t *uses = json_array();
		for (uint32_t bit = SL_USE_GROUP; bit <= SL_USE_MEASURE; bit <<= 1)
			if ((columns[i].uses & bit) != 0)
				json_array_append_new(uses, json_string(sl_use_name((enum sl_use)bit)));
		json_object_set_new(o, columns[i].name, uses);
	}
	return o;
}

json_t *sl_owner_words_grant_json(const struct sl_owner_word *word)
{
	bool dated = word->say == SL_OWNER_GRANTS || word->say == SL_OWNER_EXPIRED;
	char day[SL_DECIMAL_TEXT] = "", id[SL_PACK_NAME] = "";

	if (word->grant != 0)
		sl_pack_name('G', word->grant, id);
	if (dated)
		(void)sl_format_date(word->until, day);
	return json_pack("{s:s, s:o, s:o}", "state", sl_owner_say_name((enum sl_owner_say)word->say), "grant",
	                 id[0] != '\0' ? json_string(id) : json_null(), "until", dated ? json_string(day) : json_null());
}
