"""A server somebody else runs: `DATABASE_URL`."""

from dataclasses import dataclass

from hotline.database.binaries import EXTENSIONS, OLDEST
from hotline.database.fault import Fault

CONNECT_SECONDS = 5


@dataclass
class External:
    """We only ask whether it can be used; starting and stopping it is its owner's business."""

    url: str

    def start(self, *, tied_to_us: bool = False) -> bool:
        """Check that the server answers, is new enough and has our extensions. Always False: we start nothing.

        Raises `Fault` with the address but never the password.
        """
        import psycopg  # only here: the commands that need no database start faster without

        from hotline.database import wall

        where = self._where()
        try:
            with psycopg.connect(self.url, connect_timeout=CONNECT_SECONDS) as connection:
                major = connection.info.server_version // 10_000
                if major < OLDEST:
                    raise Fault(
                        f"Máy chủ cơ sở dữ liệu {where} là PostgreSQL {major}; cần từ {OLDEST} trở lên.",
                        f"The database server {where} is PostgreSQL {major}; {OLDEST} or newer is needed.",
                    )
                for name in EXTENSIONS:
                    connection.execute(f"CREATE EXTENSION IF NOT EXISTS {name}")
                connection.commit()
                connection.autocommit = True
                wall.build(connection, connection.info.user)
        except (psycopg.errors.InsufficientPrivilege, psycopg.errors.UndefinedFile) as error:
            needed = ", ".join(EXTENSIONS)
            raise Fault(
                f"Cơ sở dữ liệu {where} thiếu phần mở rộng và tài khoản này không tạo được ({error}); hãy nhờ quản trị "
                f"cài đặt và tạo: {needed}.",
                f"The database {where} lacks extensions this account cannot create ({error}); have its administrator "
                f"install and create: {needed}.",
            ) from None
        except psycopg.OperationalError as error:
            reason = str(error).strip().splitlines()[0]  # the address and the cause; advice follows
            raise Fault(
                f"Không kết nối được cơ sở dữ liệu {where} (DATABASE_URL): {reason}; hãy kiểm tra rồi thử lại.",
                f"The database {where} (DATABASE_URL) cannot be reached: {reason}; check it and try again.",
            ) from None
        return False

    def stop(self) -> None:
        """Not ours to stop."""

    def _where(self) -> str:
        from psycopg import ProgrammingError
        from psycopg.conninfo import conninfo_to_dict

        try:
            parts = conninfo_to_dict(self.url)
        except ProgrammingError:
            raise Fault(
                "DATABASE_URL không đúng dạng; ví dụ đúng: postgresql://ten:matkhau@127.0.0.1:5432/hotline",
                "DATABASE_URL is not valid; an example: postgresql://name:password@127.0.0.1:5432/hotline",
            ) from None
        return f"{parts.get('host', 'localhost')}:{parts.get('port', 5432)}/{parts.get('dbname', '')}"
