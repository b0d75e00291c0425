/* script_world.h - the view the script fuzz targets share: one table of units with a column of each type. */
#ifndef SL_FUZZ_SCRIPT_WORLD_H
#define SL_FUZZ_SCRIPT_WORLD_H

#include "enclave/pact/view.h"

static struct sl_label fuzz_labels[] = {{"nafld"}, {"nash"}, {"本地"}};
static struct sl_band fuzz_bands[] = {{0, 39, "0-39"}, {40, INT64_MAX, "40+"}};
#define FUZZ_USES (SL_USE_GROUP | SL_USE_FILTER | SL_USE_MEASURE)
#define FUZZ_COLUMN(n, t) .name = n, .type = t, .uses = FUZZ_USES, .nullable = 1, .lo = INT64_MIN, .hi = INT64_MAX
static struct sl_column fuzz_columns[] = {
	{FUZZ_COLUMN("a", SL_TYPE_INTEGER), .bands = fuzz_bands, .nbands = 2},
	{FUZZ_COLUMN("r", SL_TYPE_REAL), .scale = 2},
	{FUZZ_COLUMN("m", SL_TYPE_BOOLEAN)},
	{FUZZ_COLUMN("d", SL_TYPE_DATE)},
	{FUZZ_COLUMN("e", SL_TYPE_TEXT), .has_domain = 1, .labels = fuzz_labels, .nlabels = 3},
	{FUZZ_COLUMN("o", SL_TYPE_TEXT), .has_domain = 1, .has_other = 1, .labels = fuzz_labels, .nlabels = 2},
};
static struct sl_table fuzz_tables[] = {
	{ .name = "s.p",
	  .space = "person",
	  .unit_column = "id",
	  .one_row_per_unit = 1,
	  .class_ = SL_CLASS_CONFIDENTIAL,
	  .columns = fuzz_columns,
	  .ncolumns = 6 },
	{ .name = "s.q",
	  .space = "person",
	  .unit_column = "id",
	  .class_ = SL_CLASS_CONFIDENTIAL,
	  .columns = fuzz_columns,
	  .ncolumns = 6 },
};
static const struct sl_view fuzz_view = {.tables = fuzz_tables, .ntables = 2};

#endif
