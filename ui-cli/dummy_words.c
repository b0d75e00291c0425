/*
 * dummy_words.c - see dummy_words.h.
 */
#include "ui-cli/dummy_words.h"

#include <inttypes.h>
#include <string.h>

#include "enclave/base/num.h"

/* A number of at least `least` and at most `most`; not given: what stands in *out. */
static enum sl_rc take(const struct sl_cli *c, const char *flag, int64_t least, int64_t most, int64_t *out,
                       struct sl_err *err)
{
	const char *text = sl_args_flag(&c->args, flag);
	int64_t v = 0;

	if (!text)
		return SL_OK;
	if (!sl_parse_int(text, strlen(text), &v) || v < least || v > most)
		return sl_err_set(err, SL_E_USAGE, "%s wants a whole number from %" PRId64 " to %" PRId64 ", not \"%.40s\"", flag,
		                  least, most, text);
	*out = v;
	return SL_OK;
}

enum sl_rc sl_dummy_words_take(const struct sl_cli *c, struct sl_dummy_size *size, struct sl_err *err)
{
	int64_t seed = 1, units = SL_DUMMY_UNITS, rows;
	enum sl_rc rc = take(c, "--seed", 0, INT64_MAX, &seed, err);

	if (!rc)
		rc = take(c, "--units", 1, SL_DUMMY_UNITS_MAX, &units, err);
	rows = units * SL_DUMMY_ROWS_PER_UNIT;
	if (!rc)
		rc = take(c, "--rows", 1, SL_DUMMY_ROWS_MAX, &rows, err);
	*size = (struct sl_dummy_size){.seed = (uint64_t)seed, .units = (uint32_t)units, .rows = (uint32_t)rows};
	return rc;
}

void sl_dummy_words_say(const struct sl_dummy_size *size)
{
	fprintf(stderr, SL_DUMMY_MARK ": invented from the catalogue, seed %" PRIu64 ", %u units, %u rows where a unit has "
	                "several; no row of any table was read\n",
	        size->seed, size->units, size->rows);
}

json_t *sl_dummy_words_object(void)
{
	return json_pack("{s:s}", "marking", SL_DUMMY_MARK);
}
