/*
 * csv_record.c - see csv_record.h. Called by whoever shows or exports what leaves.
 */
#include "enclave/base/csv_record.h"

enum sl_rc sl_csv_record_bad(struct sl_err *err)
{
	return sl_err_set(err, SL_E_INPUT, "the table is not the CSV that is written here");
}

static enum sl_rc quoted(const char **at, const char *end, struct sl_buf *out, struct sl_err *err)
{
	for (const char *p = *at; p < end; p++) {
		if (*p == '"' && !(p + 1 < end && p[1] == '"')) {
			*at = p + 1;
			return SL_OK;
		}
		if (*p == '"')
			p++;
		sl_buf_u8(out, (uint8_t)*p);
	}
	return sl_csv_record_bad(err);
}

enum sl_rc sl_csv_record_next(const char **at, const char *end, struct sl_csv_record *r, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	sl_buf_reset(&r->text);
	r->n = 0;
	for (;;) {
		if (r->n == SL_CSV_COLUMNS_MAX)
			return sl_csv_record_bad(err);
		r->starts[r->n++] = r->text.len;
		if (*at < end && **at == '"') {
			++*at;
			rc = quoted(at, end, &r->text, err);
		}
		while (!rc && *at < end && **at != ',' && **at != '\n')
			sl_buf_u8(&r->text, (uint8_t)*(*at)++);
		sl_buf_u8(&r->text, 0);
		if (rc || *at == end || *(*at)++ == '\n')
			break;
	}
	return rc ? rc : sl_buf_ok(&r->text, "a row", err);
}

const char *sl_csv_record_field(const struct sl_csv_record *r, uint32_t i)
{
	return (const char *)r->text.data + r->starts[i];
}
