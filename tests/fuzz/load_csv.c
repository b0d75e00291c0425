/* Any bytes as CSV: whatever way they are cut into reads, the same rows come out, and none is out of bounds. */
#include <stdlib.h>
#include <string.h>

#include "enclave/load/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t add_row(uint64_t sum, const struct sl_row *row, uint64_t line)
{
	sum = sum * 31 + line * 7 + row->ncells + (row->fault != NULL ? strlen(row->fault) : 0);
	if (line == 0 || (row->fault != NULL && row->ncells != 0))
		abort();
	for (uint32_t i = 0; i < row->ncells; i++)
		for (size_t k = 0; k < row->cells[i].len; k++)
			sum = sum * 31 + (uint8_t)row->cells[i].text[k] + i;
	return sum;
}

/* A checksum of everything the machine says, reading every byte it points at. */
static uint64_t read_all(const uint8_t *data, size_t size, uint8_t delimiter, size_t step)
{
	struct sl_bytes_memory from;
	struct sl_csv csv;
	struct sl_row row;
	uint64_t sum = 1;
	bool more = true;
	enum sl_rc rc = sl_csv_init(&csv, delimiter, 1, NULL);

	sl_bytes_memory_init(&from, data, size);
	from.step = step;
	csv.from = &from.base;
	csv.bytes_max = UINT64_MAX;
	while (rc == SL_OK && more) {
		rc = csv.rows.next(&csv.rows, &row, &more, NULL);
		if (rc != SL_OK || !more)
			break;
		sum = add_row(sum, &row, row.line);
	}
	sl_csv_fini(&csv);
	return sum * 31 + (uint64_t)rc;
}

/* The same checksum, of rows taken from shares of stretches; the header apart, as an import takes it. */
static uint64_t read_shares(const uint8_t *data, size_t size, uint8_t delimiter, uint32_t nshares)
{
	struct sl_bytes_memory from;
	struct sl_csv csv;
	struct sl_row row;
	uint64_t sum = 1;
	bool more = true;
	enum sl_rc rc = sl_csv_init(&csv, delimiter, nshares, NULL);

	sl_bytes_memory_init(&from, data, size);
	csv.from = &from.base;
	csv.bytes_max = UINT64_MAX;
	csv.stretch_bytes = 16;
	while (rc == SL_OK && more && csv.width == 0) {
		rc = csv.rows.next(&csv.rows, &row, &more, NULL);
		if (rc == SL_OK && more)
			sum = add_row(sum, &row, row.line);
	}
	while (rc == SL_OK && more) {
		rc = sl_csv_stretch(&csv, &more, NULL);
		for (uint32_t i = 0; rc == SL_OK && i < nshares; i++)
			while (sl_csv_share_next(&csv.shares[i], &row))
				sum = add_row(sum, &row, row.line + sl_csv_share_line(&csv, i));
	}
	sl_csv_fini(&csv);
	return sum * 31 + (uint64_t)rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t delimiters[4] = { ',', ';', '\t', '|' };
	uint8_t delimiter;

	if (size == 0)
		return 0;
	delimiter = delimiters[data[0] % 4];
	if (read_all(data + 1, size - 1, delimiter, 0) != read_all(data + 1, size - 1, delimiter, 1 + data[0] % 5))
		abort();
	if (read_all(data + 1, size - 1, delimiter, 0) != read_shares(data + 1, size - 1, delimiter, 1 + data[0] / 4 % 4))
		abort();
	return 0;
}
