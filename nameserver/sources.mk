# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
NameServer_SRCS := NameServer.c entries.c
