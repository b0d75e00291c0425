/* render_rows.h - inside policy/render*.c, and for who writes CSV as they do: rows in published order, fields. */
#ifndef SL_POLICY_RENDER_ROWS_H
#define SL_POLICY_RENDER_ROWS_H

#include "policy/render.h"

struct sl_render_rows {
	uint32_t *cells; /* cell index of each published row; heap */
	uint32_t nrows;  /* after limit */
};

/* sl_render_rows_of - order and limit of output i. Fails: SL_E_INPUT (shapes disagree), SL_E_NOMEM. Free cells. */
SL_MUST_CHECK enum sl_rc sl_render_rows_of(const struct sl_render *r, uint32_t i, struct sl_render_rows *out,
                                           struct sl_err *err);

/* sl_render_value - column `column` (statistics, then calcs) of a cell, as it is printed. */
const struct sl_published_cell *sl_render_value(const struct sl_render *r, uint32_t i, uint32_t cell, uint32_t column);

/* sl_render_field - append a CSV field, RFC 4180: quoted only where a reader would otherwise misread. */
void sl_render_field(struct sl_buf *out, bool first, const char *text);

/* sl_render_check - publication, plans and view agree. */
SL_MUST_CHECK enum sl_rc sl_render_check(const struct sl_render *r, struct sl_err *err);

#endif
