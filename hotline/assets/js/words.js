// The few sentences JavaScript itself says, Vietnamese first. Everything else comes from the server.
const TABLE = {
  offline: ["Mất kết nối. Trang sẽ tự cập nhật khi có mạng trở lại.", "Connection lost. The page refreshes by itself when it returns."],
  newRows: ["{n} lượt mới", "{n} new"],
  changed: ["Có thay đổi mới, bấm để xem", "Something changed, press to see it"],
  failed: ["Máy chủ chưa làm được việc này. Xin thử lại sau ít phút.", "The server could not do this. Please try again in a few minutes."],
  unsent: ["Không gửi được vì mất mạng. Nội dung vẫn còn trên trang, xin thử lại.", "Not sent: no network. Your text is still here, please try again."],
  draft: ["Đã khôi phục nội dung đang viết dở.", "Your unfinished text has been restored."],
  discard: ["Bỏ nội dung này", "Discard it"],
  tooMany: ["Chỉ gửi được {n} ảnh; đã bỏ bớt các ảnh sau.", "Only {n} photos can be sent; the later ones were left out."],
  tooBig: ["Ảnh {name} lớn hơn {n} MB nên không gửi được.", "Photo {name} is larger than {n} MB and cannot be sent."],
  notPhoto: ["Tệp {name} không phải là ảnh.", "{name} is not a photo."],
  remove: ["Bỏ ảnh {name}", "Remove photo {name}"],
  photos: ["Đã chọn {n} ảnh", "{n} photos chosen"],
  locating: ["Đang tìm vị trí của bạn…", "Finding where you are…"],
  noLocation: ["Không lấy được vị trí. Xin chạm vào bản đồ hoặc ghi địa chỉ.", "Your position is not available. Tap the map or write the address."],
  pinned: ["Đã đánh dấu nơi xảy ra. Có thể kéo để sửa.", "Place marked. Drag it to correct."],
  yes: ["Đồng ý", "Yes"],
  no: ["Thôi", "Cancel"],
};

/** The sentence `key` in the page's language, with {holes} filled from `values`. */
export function say(key, values = {}) {
  const [vi, en] = TABLE[key];
  const text = document.documentElement.lang === "en" ? en : vi;
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}
