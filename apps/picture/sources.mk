# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
#
# The programs of the picture example, and the tool that draws its pictures.

picture_PROGRAMS := PictureManager ValidPictureClient NonValidPictureClient
PictureManager_SRCS := PictureManager.c serve.c store.c decode.c thumbnail.c
PictureManager_LIBS := -lpng -lz -lm
ValidPictureClient_SRCS := ValidPictureClient.c visit.c save.c
NonValidPictureClient_SRCS := NonValidPictureClient.c visit.c

$(BUILD)/bin/make-pictures: apps/picture/make/make-pictures.c
	$(call say,CC,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(filter-out -MMD -MP,$(CFLAGS_T)) -pie -o $@ $< -lpng -lz -lm
programs: $(BUILD)/bin/make-pictures
