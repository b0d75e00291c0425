/*
 * Any bytes as an opened manifest: what decodes and passes the check keeps every chunk and zone inside the file. Any
 * bytes as the zones of a column of two groups: what is taken is put back as it was.
 */
#include <stdlib.h>
#include <string.h>

#include "enclave/vault/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_zones(const uint8_t *data, size_t size)
{
	struct sl_manifest_group groups[2] = { { .rows = SL_CHUNK_ROWS }, { .rows = 3 } };
	struct sl_manifest m = { .groups = groups, .ngroups = 2 };
	struct sl_zone zones[2];
	struct sl_buf again = { .max = sizeof zones };

	if (!sl_manifest_zones_get(&m, data, size, zones))
		return;
	sl_manifest_zones_put(zones, 2, &again);
	if (again.len != size || memcmp(again.data, data, size) != 0)
		abort();
	sl_buf_free(&again);
}

static void check_places(const struct sl_manifest *m, uint64_t end)
{
	for (uint32_t c = 0; c < m->ncolumns; c++) {
		for (uint32_t g = 0; g < m->ngroups; g++)
			if (m->columns[c].chunks[g].offset + m->columns[c].chunks[g].bytes > end)
				abort();
		if (m->columns[c].zones_offset + m->columns[c].zones_bytes > end)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sl_manifest m;
	struct sl_segment_header head;
	struct sl_segment_trailer tail;
	uint64_t end;

	if (size >= SL_SEGMENT_HEADER_BYTES)
		(void)!sl_segment_header_get(data, &head, NULL);
	if (size >= SL_SEGMENT_TRAILER_BYTES && sl_segment_trailer_get(data, size, &tail, NULL) == SL_OK &&
	    tail.manifest_offset + tail.manifest_bytes > size)
		abort();
	read_zones(data, size);
	if (size < 8)
		return 0;
	memcpy(&end, data, sizeof end);
	if (sl_codec_decode(&sl_manifest_record, data + 8, size - 8, &m, NULL) != SL_OK)
		return 0;
	if (sl_manifest_check(&m, end, NULL) == SL_OK)
		check_places(&m, end);
	sl_manifest_free(&m);
	return 0;
}
