/*
 * Any bytes as an SQLite image, and behind the byte count in front of it its log: an answer, no crash, no memory out of
 * bounds.
 */
#include <stdlib.h>
#include <string.h>

#include "enclave/load/memvfs.h"
#include "enclave/load/sqlite.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ROWS_MAX 2000

static struct sl_load_column columns[2] = { { .header = (char[]){ "id" } }, { .header = (char[]){ "v" } } };
static const struct sl_load_setup setup = { .format = SL_LOAD_SQLITE, .table = (char[]){ "t" }, .columns = columns,
	.ncolumns = 2 };

static void read_rows(struct sl_sqlite *s)
{
	struct sl_row row;
	bool more = true;
	uint64_t sum = 0;

	for (uint64_t n = 0; n < ROWS_MAX && more; n++) {
		if (s->rows.next(&s->rows, &row, &more, NULL) != SL_OK || !more)
			break;
		for (uint32_t i = 0; i < row.ncells; i++)
			for (size_t k = 0; row.cells[i].kind == SL_CELL_TEXT && k < row.cells[i].len; k++)
				sum += (uint8_t)row.cells[i].text[k];
	}
	if (sum == UINT64_MAX)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sl_sqlite s;
	size_t wal;

	if (size < 2 || sl_sqlite_prime(NULL) != SL_OK)
		return 0;
	wal = (size_t)(data[0] | data[1] << 8);
	data += 2;
	size -= 2;
	wal = wal < size ? wal : size;
	sl_memvfs_serve(data, size - wal, wal > 0 ? data + size - wal : NULL, wal);
	if (sl_sqlite_open(&s, &setup, NULL) == SL_OK)
		read_rows(&s);
	sl_sqlite_close(&s);
	return 0;
}
