FROM scratch
CMD not json [
