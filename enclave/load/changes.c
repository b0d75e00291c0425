/* changes.c - see changes.h. */
#include "enclave/load/changes.h"

#include "enclave/load/hash.h"

void sl_changes_init(struct sl_changes *c, uint32_t row_bytes, bool keeps_old, const uint64_t key[static 2])
{
	*c = (struct sl_changes){ .row_bytes = row_bytes, .keeps_old = keeps_old, .key = { key[0], key[1] } };
}

void sl_changes_end(struct sl_changes *c)
{
	bool differs = c->odd || c->rows[0] != c->rows[1] || c->sum[0][0] != c->sum[1][0] || c->sum[0][1] != c->sum[1][1];

	if (c->any) {
		c->changed += c->keeps_old ? c->rows[1] > 0 : differs;
		c->added += c->rows[0] == 0;
		c->removed += c->rows[1] == 0 && !c->keeps_old;
	}
	c->any = c->odd = false;
	memset(c->rows, 0, sizeof c->rows);
	memset(c->sum, 0, sizeof c->sum);
}

void sl_changes_row(struct sl_changes *c, bool is_new, bool odd, const uint8_t *row)
{
	const char *content = (const char *)row + sizeof(uint32_t);
	uint32_t unit = sl_layout_unit(row);

	if (c->any && c->unit != unit)
		sl_changes_end(c);
	c->any = true;
	c->odd |= odd;
	c->unit = unit;
	c->rows[is_new]++;
	for (int i = 0; i < 2 && !c->keeps_old; i++)
		c->sum[is_new][i] += sl_hash(c->key[i], content, c->row_bytes - sizeof(uint32_t));
}
