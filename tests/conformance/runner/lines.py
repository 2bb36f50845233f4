"""What a program writes, line by line, as it comes."""

import threading


class Lines:
    def __init__(self, stream):
        self.read, self.over, self.news = [], False, threading.Condition()
        self.reader = threading.Thread(target=self._read, args=[stream], daemon=True)
        self.reader.start()

    def _read(self, stream):
        with stream:
            for line in stream:
                with self.news:
                    self.read.append(line.decode(errors="replace").rstrip("\r\n"))
                    self.news.notify_all()
        with self.news:
            self.over = True
            self.news.notify_all()

    def await_that(self, holds, patience):
        """Whether it came to hold of the lines before time was up and before there could be no more of them."""
        with self.news:
            self.news.wait_for(lambda: self.over or holds(self.read), patience)
            return holds(self.read)

    def await_end(self, patience):
        self.reader.join(patience)

    @property
    def text(self):
        return "\n".join(list(self.read))
