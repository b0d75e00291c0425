sl_fuzz_target(vault_segment SOURCES "${CMAKE_CURRENT_LIST_DIR}/vault_segment.c"
	LINKS sl_vault_writer sl_vault_reader sl_vault_keys)
sl_fuzz_target(vault_manifest SOURCES "${CMAKE_CURRENT_LIST_DIR}/vault_manifest.c" LINKS sl_vault_manifest)
sl_fuzz_target(vault_chunk SOURCES "${CMAKE_CURRENT_LIST_DIR}/vault_chunk.c" LINKS sl_vault_writer sl_vault_reader)
