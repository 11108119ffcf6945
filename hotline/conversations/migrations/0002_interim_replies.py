from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("conversations", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="contact",
            name="kind",
            field=models.CharField(
                choices=[
                    ("message", "Nội dung"), ("acknowledgement", "Xác nhận đã nhận"), ("question", "Hỏi bổ sung"),
                    ("answer", "Trả lời"), ("interim", "Phản hồi trước kết quả"), ("notice", "Thông báo"),
                    ("bounce", "Thư bị trả lại"), ("auto_reply", "Trả lời tự động"), ("note", "Ghi chú nội bộ"),
                ],
                default="message", max_length=16,
            ),
        ),
    ]
