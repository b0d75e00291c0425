/*
 * pact_seeds - the seed corpora of the pact_* targets: encoded samples. `pact_seeds write tests/fuzz/corpus`, by hand,
 * when a record changes; `pact_seeds same tests/fuzz/corpus`, a test, fails when one was not written since.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "enclave/pact/behind.h"
#include "enclave/pact/members.h"
#include "tests/unit/pact/house.h"
#include "tests/unit/pact/wires.h"

struct corpus {
	const char *dir;
	bool same;      /* compare, and write nothing */
	unsigned stale; /* that are not as they would be written */
};

static void write_file(const char *path, const struct sl_buf *wire)
{
	FILE *f = fopen(path, "wb");

	if (f == NULL || fwrite(wire->data, 1, wire->len, f) != wire->len || fclose(f) != 0)
		exit(1);
}

static bool is_same(const char *path, const struct sl_buf *wire)
{
	uint8_t *bytes = malloc(wire->len + 1);
	FILE *f = fopen(path, "rb");
	bool same = bytes != NULL && f != NULL && fread(bytes, 1, wire->len + 1, f) == wire->len &&
	            memcmp(bytes, wire->data, wire->len) == 0;

	if (f != NULL)
		fclose(f);
	free(bytes);
	return same;
}

static void write_seed(struct corpus *corpus, const char *record, const char *name, const struct sl_buf *wire)
{
	char path[4096];

	(void)snprintf(path, sizeof path, "%s/pact_%s", corpus->dir, record);
	if (!corpus->same && mkdir(path, 0755) != 0 && errno != EEXIST)
		exit(1);
	(void)snprintf(path, sizeof path, "%s/pact_%s/%s", corpus->dir, record, name);
	if (!corpus->same) {
		write_file(path, wire);
	} else if (!is_same(path, wire)) {
		fprintf(stderr, "%s is not what its record gives now: pact_seeds write %s\n", path, corpus->dir);
		corpus->stale++;
	}
}

static void write_value(struct corpus *corpus, const char *record, const char *name, const struct sl_record *table,
                        const void *value)
{
	struct sl_buf wire = { 0 };

	if (sl_codec_encode(table, value, &wire, NULL) != SL_OK)
		exit(1);
	write_seed(corpus, record, name, &wire);
	sl_buf_free(&wire);
}

/* Samples that pass every check, where there is one. */
static void write_checked(struct corpus *corpus)
{
	static struct sl_evidence evidence[H_CELLS * 3];
	static struct sl_draw draws[H_CELLS * 3];
	static struct sl_margin_cell units[H_MARGIN];
	static struct sl_published_cell cells[H_CELLS * 4];
	static struct house house;
	struct sl_margin margin = { .cells = units, .ncells = H_MARGIN };
	struct sl_result result = { .filtered = 1, .evidence = evidence, .nevidence = H_CELLS * 3, .margins = &margin,
		.nmargins = 1 };
	struct sl_published_output output = { .cells = cells, .ncells = H_CELLS * 4, .suppressed = H_CELLS * 4 };
	static struct sl_behind_number numbers[H_CELLS * 3];
	static struct sl_behind_cell befores[H_CELLS];
	static struct sl_behind_was was[H_CELLS * 3];
	struct sl_behind_output behind_output = { .numbers = numbers, .nnumbers = H_CELLS * 3, .cells = befores,
		.ncells = H_CELLS, .was = was, .nwas = H_CELLS * 3, .compared = 1 };
	struct sl_behind_coarser coarser[SL_KEYS_MAX + 1] = { 0 };
	static uint8_t left[2] = { 5, 1 };
	struct sl_behind_tried tried[] = { { .stat = SL_FINDING_WHOLE, .left = left, .nleft = sizeof left },
		                           { .stat = 0, .numbers = 9, .hidden = 2, .releasable = 1, .suppress = 3,
		                             .left = left, .nleft = sizeof left } };
	struct sl_behind_remedies remedies = { .tried = tried, .ntried = 2, .untried = 1 };
	struct sl_behind behind = { .outputs = &behind_output, .noutputs = 1, .coarser = coarser, .remedies = &remedies,
		                    .nremedies = 1 };
	struct sl_publication publication = { .releasable = 1, .outputs = &output, .noutputs = 1 };

	befores[1] = (struct sl_behind_cell){ .before = SL_BEFORE_OVERLAP, .release = 7, .changed = 12, .band = SL_BAND_NEAR,
		.label = (char *)(uintptr_t)"cells: age 18-39" };
	was[4] = (struct sl_behind_was){ .known = 1, .shown = 1, .value = -12 };
	numbers[4] = (struct sl_behind_number){ .units = 12, .band = SL_BAND_NEAR, .rule = SL_RULE_THRESHOLD };
	house_init(&house);
	write_value(corpus, "view", "house", &sl_view_record, &house.view);
	write_value(corpus, "plan", "house", &sl_plan_record, &house.plan);
	house.inputs[H_SEX] = (struct sl_input){ .column = H_PLACE, .lookup = H_SEX + 1 };
	write_value(corpus, "plan", "lookup", &sl_plan_record, &house.plan);
	write_value(corpus, "expr", "calc", &sl_expr_record, &house.calc.expr);
	write_value(corpus, "expr", "column", &sl_expr_record, &house.where.expr);
	write_value(corpus, "result", "empty-cells", &sl_result_record, &result);
	for (uint32_t i = 0; i < H_CELLS * 3; i++)
		draws[i] = (struct sl_draw){ UINT64_MAX / (i + 1), i % 3 == 2 ? UINT64_MAX - i : 0 };
	result.draws = draws;
	result.ndraws = H_CELLS * 3;
	result.drawn = 1;
	write_value(corpus, "result", "drawn-cells", &sl_result_record, &result);
	result.ndraws--;
	write_value(corpus, "result", "drawn-but-one", &sl_result_record, &result);
	write_value(corpus, "publication", "hidden", &sl_publication_record, &publication);
	for (uint32_t k = 0; k <= house.plan.nkeys; k++)
		coarser[behind.ncoarser++] = (struct sl_behind_coarser){
			.without = (uint16_t)(k == 0 ? house.plan.nkeys : k - 1), .groups = H_CELLS, .few = 1, .limit = 10 };
	write_value(corpus, "behind", "compared", &sl_behind_record, &behind);
}

/* Units of one table, in all and by a column. */
static void write_public(struct corpus *corpus)
{
	static struct house house;
	struct sl_source source = { 0 };
	struct sl_input input = { .column = H_SEX };
	struct sl_key key = { .name = (char *)(uintptr_t)"by1" };
	struct sl_stat stat = { .name = (char *)(uintptr_t)"units", .fn = SL_STAT_UNITS };
	struct sl_public_total totals[2] = { { .name = (char *)(uintptr_t)"total" }, { .name = (char *)(uintptr_t)"by sex" } };

	house_init(&house);
	for (uint32_t i = 0; i < 2; i++)
		totals[i].plan = (struct sl_plan){ .output = (char *)(uintptr_t)"public", .sources = &source, .nsources = 1,
			.inputs = &input, .ninputs = i, .keys = &key, .nkeys = i, .stats = &stat, .nstats = 1 };
	const struct sl_public all = { .view = house.view, .totals = totals, .ntotals = 2 };

	if (sl_public_check(&all, NULL) != SL_OK)
		exit(1);
	write_value(corpus, "public", "two-totals", &sl_public_record, &all);
}

/*
 * Two outputs about the same rows: five units in a cell of both, two in one of the second alone. Of one more, whose
 * units have several rows, how they lie.
 */
static void write_atoms(struct corpus *corpus)
{
	struct sl_atoms_output outputs[] = { { .nsets = 2 }, { .nsets = 3 }, { .nsets = 2, .rows_of = 1 } };
	struct sl_alike_place lies[] = { { .set = 5, .group = 0, .times = 2 }, { .set = 6, .group = 0, .times = 1 },
		{ .set = 6, .group = 1, .times = 1 } };
	struct sl_alike_column columns[] = { { .output = 2, .print = 1 } };
	struct sl_atom_place places[] = { { .set = 0 }, { .set = 3 }, { .set = 4 } };
	struct sl_atom atoms[] = { { .units = 5, .first = 0, .n = 2 }, { .units = 2, .first = 2, .n = 1 } };
	struct sl_atom_change changes[] = { { .place = 0, .columns = 1 } };
	const struct sl_atoms all = { .outputs = outputs, .noutputs = 3, .atoms = atoms, .natoms = 2, .places = places,
		.nplaces = 3, .changes = changes, .nchanges = 1 };
	uint8_t bytes[3 * SL_ATOM_PLACE_BYTES_MAX];
	struct sl_atoms_packed packed = { .outputs = outputs, .noutputs = 3, .atoms = atoms, .natoms = 2, .nplaces = 3,
		.places = bytes, .changes = changes, .nchanges = 1, .alike_columns = columns, .nalike_columns = 1 };
	struct sl_buf alike = { 0 };

	if (sl_atoms_check(&all, NULL) != SL_OK)
		exit(1);
	packed.nplaces_bytes = (uint32_t)sl_atom_pack(places, 2, bytes);
	packed.nplaces_bytes += (uint32_t)sl_atom_pack(&places[2], 1, &bytes[packed.nplaces_bytes]);
	sl_varint_put(&alike, 300);
	sl_alike_put(&alike, 0, lies, 3);
	packed.alike = alike.data;
	packed.nalike_bytes = (uint32_t)alike.len;
	write_value(corpus, "atoms", "two-outputs", &sl_atoms_packed_record, &packed);
	sl_buf_free(&alike);
}

int main(int argc, char **argv)
{
	struct corpus corpus = { .dir = argc == 3 ? argv[2] : "", .same = argc == 3 && strcmp(argv[1], "same") == 0 };

	if (argc != 3 || (!corpus.same && strcmp(argv[1], "write") != 0))
		return 2;
	for (size_t i = 0; i < nwire_records; i++)
		for (uint32_t items = 0; items < 3 && strncmp(wire_records[i].name, "load_", 5) != 0; items++) {
			char name[16];
			struct sl_buf wire = { 0 };
			uint32_t fields;
			(void)wire_write(wire_records[i].record, items, items + 1, WIRE_RIGHT, 0, &wire, &fields);
			(void)snprintf(name, sizeof name, "items-%u", items);
			write_seed(&corpus, wire_records[i].name, name, &wire);
			sl_buf_free(&wire);
		}
	write_checked(&corpus);
	write_atoms(&corpus);
	write_public(&corpus);
	return corpus.stale != 0;
}
