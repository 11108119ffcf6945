"""The law's own answers to `lanes.py`, the same in every province: what is asked, what is told, which number helps."""

from hotline.regulation.labels import Label
from hotline.regulation.lanes import EmergencyNumber, Guidance, Lane, Lanes, Question
from hotline.regulation.limits import WorkingDays, WorkingHours

_QUESTIONS = (
    Question(
        "danger",
        Label(
            "Có ai đang gặp nguy hiểm không: cháy, tai nạn, cấp cứu, đánh nhau, đuối nước, trẻ em bị xâm hại?",
            "Is somebody in danger right now: fire, accident, medical emergency, violence, drowning, a child being harmed?",
        ),
        Lane.EMERGENCY,
    ),
    Question(
        "accuses",
        Label(
            "Ông/Bà báo việc một cán bộ, một cơ quan hay một người cụ thể vi phạm pháp luật (tố cáo)?",
            "Do you say that a certain official, body or person broke the law (tố cáo)?",
        ),
        Lane.SEALED,
    ),
    Question(
        "evidence",
        Label(
            "Ông/Bà có tài liệu, chứng cứ cụ thể không: giấy tờ, hình ảnh, ghi âm, người làm chứng?",
            "Do you have concrete evidence: papers, pictures, recordings, witnesses?",
        ),
        only_after="accuses",
    ),
    Question(
        "reviews",
        Label(
            "Ông/Bà đề nghị xem xét lại một quyết định, việc làm của cơ quan nhà nước đối với chính mình (khiếu nại)?",
            "Do you ask for a decision or act of a state body about yourself to be reviewed (khiếu nại)?",
        ),
        Lane.GUIDANCE,
    ),
    Question(
        "rest",
        Label(
            "Ngoài việc đó, Ông/Bà còn phản ánh việc nào khác không?",
            "Besides that, is there anything else you want to report?",
        ),
        only_after="accuses|reviews",
    ),
    Question(
        "answered",
        Label(
            "Việc này Ông/Bà đã được trả lời rồi, và nay không có tình tiết mới?",
            "Was this very matter answered before, and is there nothing new?",
        ),
        Lane.REPEAT,
    ),
    Question(
        "several",
        Label("Ông/Bà nêu nhiều việc khác nhau?", "Are these several different matters?"),
        Lane.SPLIT,
    ),
    Question(
        "many",
        Label("Nhiều người cùng phản ánh một việc này?", "Do many people report this one matter?"),
        Lane.JOIN,
    ),
    Question(
        "anonymous",
        Label("Ông/Bà không muốn cho biết họ tên?", "Would you rather not give your name?"),
    ),
    Question(
        "incident",
        Label(
            "Sự việc ở ngoài hiện trường, ai đến cũng thấy: cây đổ, ngập nước, ổ gà, mất đèn đường?",
            "Is it out in the field, for everybody to see: a fallen tree, flooding, a pothole, a dark street lamp?",
        ),
        only_after="anonymous",
    ),
)

_NUMBERS = (
    EmergencyNumber(
        "113",
        Label("Công an", "police"),
        Label("trộm cướp, đánh nhau, đe dọa, gây rối", "robbery, violence, threats, disorder"),
    ),
    EmergencyNumber(
        "114",
        Label("Cứu hỏa, cứu nạn", "fire and rescue"),
        Label("cháy nổ, người mắc kẹt, sập đổ", "fire, explosion, people trapped, collapse"),
    ),
    EmergencyNumber(
        "115",
        Label("Cấp cứu y tế", "ambulance"),
        Label("người bị nạn, ngất, khó thở, chảy máu", "injured, unconscious, short of breath, bleeding"),
    ),
    EmergencyNumber(
        "112",
        Label("Tìm kiếm, cứu nạn", "search and rescue"),
        Label(
            "đuối nước, mất tích, tàu thuyền gặp nạn, thiên tai",
            "drowning, missing people, boats in distress, disasters",
        ),
    ),
    EmergencyNumber(
        "111",
        Label("Bảo vệ trẻ em", "child protection"),
        Label("trẻ em bị bạo hành, xâm hại, bỏ rơi", "children abused, harmed or abandoned"),
    ),
)

_COMPLAINT = Guidance(
    Label(
        "Nội dung Ông/Bà trình bày là khiếu nại. Pháp luật không cho phép giải quyết khiếu nại qua tổng đài và Tổng đài không "
        "chuyển nội dung này đi, nên chúng tôi xin hướng dẫn để Ông/Bà được giải quyết đúng nơi, đúng hạn:\n\n"
        "1. Hình thức: gửi đơn khiếu nại có chữ ký hoặc điểm chỉ, hoặc đến trình bày trực tiếp (Điều 8 Luật Khiếu nại).\n"
        "2. Nơi nhận: lần đầu gửi người đã ra quyết định hoặc cơ quan có người thực hiện việc làm bị khiếu nại; không đồng ý "
        "thì khiếu nại lần hai đến thủ trưởng cấp trên trực tiếp, hoặc khởi kiện tại Tòa án (Điều 7).\n"
        "3. Thời hiệu: {days} ngày kể từ ngày nhận hoặc biết được quyết định, việc làm đó (Điều 9).{until} Gọi đến Tổng đài "
        "1022 không làm ngừng thời hiệu, Ông/Bà lưu ý gửi đơn sớm. Thời gian ốm đau, thiên tai, đi công tác, học tập ở nơi xa "
        "hoặc trở ngại khách quan khác không tính vào thời hiệu.\n"
        "4. Trong đơn ghi ngày tháng; họ tên, địa chỉ của Ông/Bà; tên, địa chỉ nơi bị khiếu nại; nội dung, lý do và yêu cầu giải "
        "quyết, kèm tài liệu liên quan.",
        "What you describe is a complaint (khiếu nại) under the law, which a hotline may not decide; nothing of it is "
        "forwarded. To have it decided in the right place and in time:\n\n"
        "1. Form: a signed letter, or in person (Law on Complaints, Article 8).\n"
        "2. To whom: first to whoever took the decision; then to their superior, or to the court (Article 7).\n"
        "3. Time bar: {days} days from the day you received or knew of the decision (Article 9).{until} Calling 1022 does not "
        "stop it. Time lost to illness, disaster, duty far away or other obstacles is not counted.\n"
        "4. The letter says the date, your name and address, the body complained of, the matter, the reason, what you ask for.",
    ),
    "Luật Khiếu nại số 02/2011/QH13, Điều 7, 8, 9",
)
_DENUNCIATION = Guidance(
    Label(
        "Nội dung Ông/Bà trình bày là tố cáo. Theo Luật Tố cáo, điện thoại, thư điện tử không phải là hình thức tố cáo; để được "
        "giải quyết, chúng tôi xin hướng dẫn:\n\n"
        "1. Hình thức: gửi đơn tố cáo hoặc đến trình bày trực tiếp (Điều 22).\n"
        "2. Nơi nhận: người đứng đầu cơ quan trực tiếp quản lý người bị tố cáo, cơ quan cấp trên, hoặc {inspection}; việc có dấu "
        "hiệu tội phạm thì báo cơ quan Công an, Viện kiểm sát.\n"
        "3. Trong đơn ghi ngày tháng; họ tên, địa chỉ, cách liên hệ với Ông/Bà; hành vi vi phạm; người bị tố cáo; ký tên hoặc "
        "điểm chỉ (Điều 23).\n"
        "4. Nếu Ông/Bà nêu rõ người vi phạm và có tài liệu, chứng cứ cụ thể, nội dung được ghi theo quy trình riêng và chỉ "
        "chuyển đến {inspection} để thanh tra, kiểm tra (Điều 25), không kèm tên, địa chỉ của Ông/Bà.\n"
        "5. Họ tên, địa chỉ, bút tích và thông tin cá nhân của Ông/Bà được giữ bí mật (Điều 8, 47, 56). Nếu Ông/Bà hoặc người "
        "thân đang bị đe dọa, Ông/Bà có quyền yêu cầu bảo vệ khẩn cấp ngay qua điện thoại (Điều 50).",
        "What you describe is a denunciation (tố cáo). By law a telephone call or an e-mail is no denunciation; to have it "
        "dealt with:\n\n"
        "1. Form: a letter, or in person (Law on Denunciations, Article 22).\n"
        "2. To whom: the head of the body in charge of the person denounced, the body above, or {inspection}; crimes to the "
        "police or the procuracy.\n"
        "3. The letter says the date, your name, address and how to reach you, the violation and by whom, signed (Article 23).\n"
        "4. If you say clearly who did wrong and have concrete evidence, it is written down apart from everything else and "
        "passed on to {inspection} alone (Article 25), without your name and address.\n"
        "5. Your identity is kept secret (Articles 8, 47, 56). Under threat you may ask for urgent protection by telephone at "
        "once (Article 50).",
    ),
    "Luật Tố cáo số 25/2018/QH14, Điều 8, 22, 23, 25, 47, 50, 56",
)
_ANONYMOUS = Guidance(
    Label(
        "Để giải quyết việc của riêng Ông/Bà, cơ quan nhà nước cần họ tên, địa chỉ, số điện thoại; tên của Ông/Bà không hiện "
        "trên trang công khai và được ẩn với đơn vị xử lý nếu Ông/Bà yêu cầu. Sự việc ngoài hiện trường thì không cần nêu tên.",
        "For a matter of your own the authorities need your name, address and number; your name never stands on a public page "
        "and is hidden from the handling agency if you wish. What anybody can see in the street needs no name.",
    ),
    "Nghị định 20/2008/NĐ-CP, Điều 7",
)

BY_LAW = Lanes(
    questions=_QUESTIONS,
    numbers=_NUMBERS,
    complaint=_COMPLAINT,
    denunciation=_DENUNCIATION,
    anonymous=_ANONYMOUS,
    forward_within=WorkingDays(5),
    remind_before=WorkingHours(8),  # the law names no lead: a working day is enough to pass a letter on
    inspection=Label("cơ quan thanh tra của tỉnh, thành phố", "the provincial inspectorate"),
)
